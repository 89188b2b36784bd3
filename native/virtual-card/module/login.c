#include "session.h"

#include <string.h>

/* No PIN, and what is of 20 characters and more (P:cal.cpp:971), makes the library ask for it itself. */
static bool is_missing(const CK_UTF8CHAR *given, CK_ULONG size) {
  return given == NULL || size == 0 || size >= 20;
}

/* 4 to 12 digits (CL:card.h:52); anything else never reaches the card. */
static CK_RV read_pin(const CK_UTF8CHAR *given, CK_ULONG size, char out[13]) {
  if (size < 4 || size > 12) return CKR_FUNCTION_FAILED;
  for (CK_ULONG i = 0; i < size; i++) {
    if (given[i] < '0' || given[i] > '9') return CKR_FUNCTION_FAILED;
    out[i] = (char)given[i];
  }
  out[size] = 0;
  return CKR_OK;
}

static CK_RV give_pin(struct slot *slot, const CK_UTF8CHAR *given, CK_ULONG size) {
  struct world world;
  world_read(&world);
  char text[13];
  CK_RV rv = read_pin(given, size, text);
  if (rv == CKR_OK && !card_wait(&slot->card, world.latency_us)) rv = CKR_DEVICE_ERROR;
  if (rv == CKR_OK) rv = pin_answer(pin_verify(&slot->card, text));
  memset(text, 0, sizeof text);
  return rv;
}

CK_RV C_Login(CK_SESSION_HANDLE handle, CK_USER_TYPE user, CK_UTF8CHAR_PTR pin, CK_ULONG size) {
  CK_RV rv = module_enter();
  if (rv != CKR_OK) return rv;
  if (user != CKU_USER && user != CKU_SO) return module_leave(CKR_USER_TYPE_INVALID);
  struct session *session = NULL;
  struct slot *slot = NULL;
  rv = session_and_slot(handle, &session, &slot);
  if (rv != CKR_OK) return module_leave(rv);
  /* Unchecked, whatever the PIN and whoever's card it is by now (P:session.c:349). */
  if (slot->logged_in) return module_leave(CKR_OK);
  rv = is_missing(pin, size) ? ask_pin(slot) : give_pin(slot, pin, size);
  /* The card's answer got lost: the PIN is verified, and the library does not know it. */
  slot->logged_in = rv == CKR_OK && !module_call_fails();
  return module_leave(rv);
}

CK_RV C_Logout(CK_SESSION_HANDLE handle) {
  CK_RV rv = module_enter();
  if (rv != CKR_OK) return rv;
  struct session *session = NULL;
  struct slot *slot = NULL;
  rv = session_and_slot(handle, &session, &slot);
  if (rv != CKR_OK) return module_leave(rv);
  if (!slot->logged_in) return module_leave(CKR_USER_NOT_LOGGED_IN);
  slot->logged_in = false;
  pin_log_off(&slot->card);
  return module_leave(CKR_OK);
}

/* Two new ones and an old one, in a dialog that nobody here answers. */
static CK_RV without_pins(void) {
  struct world world;
  world_read(&world);
  return world.dialogs == DIALOGS_NONE && !world.pinpad ? CKR_FUNCTION_FAILED : CKR_FUNCTION_CANCELED;
}

CK_RV C_SetPIN(CK_SESSION_HANDLE handle, CK_UTF8CHAR_PTR from, CK_ULONG from_size, CK_UTF8CHAR_PTR to, CK_ULONG to_size) {
  CK_RV rv = module_enter();
  if (rv != CKR_OK) return rv;
  struct session *session = NULL;
  struct slot *slot = NULL;
  rv = session_and_slot(handle, &session, &slot);
  char old[13];
  char new[13];
  if (rv == CKR_OK && (is_missing(from, from_size) || is_missing(to, to_size))) rv = without_pins();
  if (rv == CKR_OK) rv = read_pin(from, from_size, old);
  if (rv == CKR_OK) rv = read_pin(to, to_size, new);
  if (rv == CKR_OK) rv = pin_answer(pin_change(&slot->card, old, new));
  return module_leave(rv);
}

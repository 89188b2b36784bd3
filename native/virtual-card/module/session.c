#include "session.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* P:p11.h SESSION_TAB_STEP_SIZE: the table grows by this, and a handle inside it is a handle, open or not. */
#define TABLE_STEP 10
#define TABLE_MAX 1000

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static bool initialized = false;
static struct slot slots[SLOTS_MAX];
static unsigned slot_count = 0;
static struct session *sessions = NULL;
static size_t session_count = 0;

CK_RV module_enter_call(const char *name) {
  pthread_mutex_lock(&lock);
  journal("call", name);
  if (initialized) return CKR_OK;
  pthread_mutex_unlock(&lock);
  return CKR_CRYPTOKI_NOT_INITIALIZED;
}

CK_RV module_leave(CK_RV rv) {
  pthread_mutex_unlock(&lock);
  return rv;
}

struct slot *slot_get(CK_SLOT_ID number) {
  return number < slot_count ? &slots[number] : NULL;
}

CK_RV session_get(CK_SESSION_HANDLE handle, struct session **session) {
  *session = NULL;
  if (handle == 0 || handle > session_count) return CKR_SESSION_HANDLE_INVALID;
  *session = &sessions[handle - 1];
  if (!(*session)->in_use) return CKR_SESSION_HANDLE_INVALID;
  if ((*session)->invalid) return CKR_DEVICE_REMOVED;
  struct slot *slot = slot_get((*session)->slot);
  if (slot == NULL) return CKR_SLOT_ID_INVALID;
  enum presence presence;
  const CK_RV rv = slot_update(slot, &presence);
  if (rv != CKR_OK) return rv;
  return presence == CARD_SAME ? CKR_OK : CKR_DEVICE_REMOVED;
}

CK_RV session_and_slot(CK_SESSION_HANDLE handle, struct session **session, struct slot **slot) {
  const CK_RV rv = session_get(handle, session);
  *slot = rv == CKR_OK ? slot_get((*session)->slot) : NULL;
  return rv;
}

void sessions_invalidate(unsigned slot_number) {
  for (size_t i = 0; i < session_count; i++) {
    if (sessions[i].in_use && sessions[i].slot == slot_number) sessions[i].invalid = true;
  }
}

static void session_clear(struct session *session) {
  for (size_t i = 0; i < session->find.count; i++) free(session->find.attributes[i].value);
  free(session->sign.data.at);
  free(session->digest.data.at);
  memset(session, 0, sizeof *session);
}

/*
 * P:session.c:144 and P:p11.c p11_close_session: a handle that was closed before still has an entry in the table, whose
 * slot is 0 by then. Closing it again takes a session and a connection from slot 0, and a sibling loses its card.
 */
static void session_close(struct slot *slot, struct session *session) {
  if (slot->sessions > 0) slot->sessions -= 1;
  if (slot->sessions == 0) {
    if (slot->connected) pin_log_off(&slot->card);
    slot->logged_in = false;
  }
  if (slot->connections > 0) slot->connections -= 1;
  if (slot->connections == 0) slot_disconnect(slot);
  session_clear(session);
}

/* ---- C_Initialize, C_Finalize ---- */

CK_RV C_Initialize(CK_VOID_PTR arguments) {
  pthread_mutex_lock(&lock);
  if (initialized) return module_leave(CKR_CRYPTOKI_ALREADY_INITIALIZED);
  const CK_C_INITIALIZE_ARGS *given = arguments;
  if (given != NULL) {
    if (given->pReserved != NULL) return module_leave(CKR_ARGUMENTS_BAD);
    const int functions = (given->CreateMutex != NULL) + (given->DestroyMutex != NULL) + (given->LockMutex != NULL) + (given->UnlockMutex != NULL);
    if (functions != 0 && functions != 4) return module_leave(CKR_ARGUMENTS_BAD);
  }
  memset(slots, 0, sizeof slots);
  slot_count = 0;
  initialized = true;
  return module_leave(CKR_OK);
}

CK_RV C_Finalize(CK_VOID_PTR reserved) {
  const CK_RV rv = module_enter();
  if (rv != CKR_OK) return rv;
  if (reserved != NULL) return module_leave(CKR_ARGUMENTS_BAD);
  for (size_t i = 0; i < session_count; i++) {
    struct slot *slot = sessions[i].in_use ? slot_get(sessions[i].slot) : NULL;
    if (slot != NULL) session_close(slot, &sessions[i]);
    session_clear(&sessions[i]);
  }
  free(sessions);
  sessions = NULL;
  session_count = 0;
  for (unsigned i = 0; i < SLOTS_MAX; i++) {
    slot_wipe_table(&slots[i]);
    slot_disconnect(&slots[i]);
  }
  slot_count = 0;
  slots_release_handles();
  initialized = false;
  return module_leave(CKR_OK);
}

/* ---- slots ---- */

/* P:cal.cpp cal_refresh_readers: a changed list wipes the slot table, while sessions survive. */
static void refresh_readers(void) {
  struct world world;
  world_read(&world);
  if (world.readers == slot_count) return;
  for (unsigned i = 0; i < SLOTS_MAX; i++) {
    slot_wipe_table(&slots[i]);
    slots[i].number = i;
    if (i >= world.readers) slot_disconnect(&slots[i]);
  }
  slot_count = world.readers;
}

CK_RV C_GetSlotList(CK_BBOOL token_present, CK_SLOT_ID_PTR list, CK_ULONG_PTR count) {
  CK_RV rv = module_enter();
  if (rv != CKR_OK) return rv;
  if (count == NULL) return module_leave(CKR_ARGUMENTS_BAD);
  /* The only call that notices readers coming and going (P:general.c:245). */
  if (list == NULL) refresh_readers();
  CK_ULONG found = 0;
  for (unsigned i = 0; i < slot_count; i++) {
    if (token_present == CK_TRUE) {
      enum presence presence;
      rv = slot_update(&slots[i], &presence);
      if (rv != CKR_OK && rv != CKR_TOKEN_NOT_RECOGNIZED) return module_leave(rv);
      if (presence == CARD_ABSENT) continue;
    }
    if (list != NULL && found < *count) list[found] = i;
    found += 1;
  }
  rv = list != NULL && found > *count ? CKR_BUFFER_TOO_SMALL : CKR_OK;
  *count = found;
  return module_leave(rv);
}

void pad(unsigned char *out, size_t size, const char *text) {
  const size_t length = strlen(text);
  memset(out, ' ', size);
  memcpy(out, text, length < size ? length : size);
}

CK_RV C_GetSlotInfo(CK_SLOT_ID number, CK_SLOT_INFO_PTR info) {
  CK_RV rv = module_enter();
  if (rv != CKR_OK) return rv;
  if (info == NULL) return module_leave(CKR_ARGUMENTS_BAD);
  struct slot *slot = slot_get(number);
  if (slot == NULL) return module_leave(CKR_SLOT_ID_INVALID);
  char name[65];
  snprintf(name, sizeof name, "Loket virtual reader 00 %02u", slot->number);
  pad(info->slotDescription, sizeof info->slotDescription, name);
  pad(info->manufacturerID, sizeof info->manufacturerID, "_ID_");
  info->flags = CKF_REMOVABLE_DEVICE | CKF_HW_SLOT;
  info->hardwareVersion = (CK_VERSION){1, 0};
  info->firmwareVersion = (CK_VERSION){1, 0};
  enum presence presence;
  rv = slot_update(slot, &presence);
  /* A card that is no eID is no token here: flags 6, as for an empty reader. Only C_GetTokenInfo tells them apart. */
  if (rv == CKR_TOKEN_NOT_RECOGNIZED) return module_leave(CKR_OK);
  if (rv == CKR_OK && presence != CARD_ABSENT) info->flags |= CKF_TOKEN_PRESENT;
  return module_leave(rv);
}

static CK_RV update_to_token(CK_SLOT_ID number, struct slot **slot) {
  *slot = slot_get(number);
  if (*slot == NULL) return CKR_SLOT_ID_INVALID;
  enum presence presence;
  const CK_RV rv = slot_update(*slot, &presence);
  if (rv != CKR_OK) return rv;
  return presence == CARD_ABSENT ? CKR_TOKEN_NOT_PRESENT : CKR_OK;
}

CK_RV C_GetTokenInfo(CK_SLOT_ID number, CK_TOKEN_INFO_PTR info) {
  CK_RV rv = module_enter();
  if (rv != CKR_OK) return rv;
  if (info == NULL) return module_leave(CKR_ARGUMENTS_BAD);
  info->flags = 0;
  struct slot *slot = NULL;
  rv = update_to_token(number, &slot);
  if (rv != CKR_OK) return module_leave(rv);
  const struct bytes *data = &slot->card.files[FILE_CARD_DATA];
  if (data->size < 16) return module_leave(CKR_DEVICE_ERROR);
  memset(info, 0, sizeof *info);
  /* The last 16 hexadecimal digits of the chip number (P:cal.cpp cal_get_token_info). */
  char serial[17];
  for (int i = 0; i < 8; i++) snprintf(serial + 2 * i, 3, "%02X", data->at[8 + i]);
  pad(info->serialNumber, sizeof info->serialNumber, serial);
  pad(info->label, sizeof info->label, "BELPIC");
  pad(info->manufacturerID, sizeof info->manufacturerID, "Belgium Government");
  pad(info->model, sizeof info->model, "Belgium eID");
  struct world world;
  world_read(&world);
  info->flags = CKF_WRITE_PROTECTED | CKF_USER_PIN_INITIALIZED | CKF_TOKEN_INITIALIZED;
  if (!world.dialogs) info->flags |= CKF_LOGIN_REQUIRED;
  info->ulMaxSessionCount = 10;
  info->ulSessionCount = slot->sessions;
  info->ulMaxRwSessionCount = 10;
  info->ulRwSessionCount = 0;
  info->ulTotalPublicMemory = info->ulFreePublicMemory = CK_UNAVAILABLE_INFORMATION;
  info->ulTotalPrivateMemory = info->ulFreePrivateMemory = CK_UNAVAILABLE_INFORMATION;
  info->ulMinPinLen = 4;
  info->ulMaxPinLen = 12;
  info->hardwareVersion = (CK_VERSION){1, 0};
  info->firmwareVersion = (CK_VERSION){slot->card.applet, 0};
  memcpy(info->utcTime, "20080101000000", 14);
  return module_leave(CKR_OK);
}

CK_RV C_GetMechanismList(CK_SLOT_ID number, CK_MECHANISM_TYPE_PTR list, CK_ULONG_PTR count) {
  CK_RV rv = module_enter();
  if (rv != CKR_OK) return rv;
  if (count == NULL) return module_leave(CKR_ARGUMENTS_BAD);
  struct slot *slot = NULL;
  rv = update_to_token(number, &slot);
  if (rv != CKR_OK) return module_leave(rv);
  const size_t found = card_mechanisms(&slot->card, list, list == NULL ? 0 : *count);
  if (list != NULL && found > *count) rv = CKR_BUFFER_TOO_SMALL;
  *count = found;
  return module_leave(rv);
}

CK_RV C_GetMechanismInfo(CK_SLOT_ID number, CK_MECHANISM_TYPE type, CK_MECHANISM_INFO_PTR info) {
  CK_RV rv = module_enter();
  if (rv != CKR_OK) return rv;
  if (info == NULL) return module_leave(CKR_ARGUMENTS_BAD);
  struct slot *slot = NULL;
  rv = update_to_token(number, &slot);
  if (rv != CKR_OK) return module_leave(rv);
  CK_MECHANISM_TYPE list[32];
  const size_t found = card_mechanisms(&slot->card, list, sizeof list / sizeof list[0]);
  rv = CKR_MECHANISM_INVALID;
  for (size_t i = 0; i < found; i++) {
    if (list[i] != type) continue;
    /* The six digests come first in the list. A P-256 card would announce 384 bits as well (P:sign.c:351). */
    const CK_ULONG bits = i < 6 ? 8 * digest_size(type) : slot->card.applet < 0x18 ? 2048 : 384;
    *info = (CK_MECHANISM_INFO){.ulMinKeySize = bits, .ulMaxKeySize = bits, .flags = i < 6 ? CKF_DIGEST : CKF_HW | CKF_SIGN};
    rv = CKR_OK;
  }
  return module_leave(rv);
}

/* Not on Linux and macOS (P:general.c:549). */
CK_RV C_WaitForSlotEvent(CK_FLAGS flags, CK_SLOT_ID_PTR slot, CK_VOID_PTR reserved) {
  (void)flags, (void)slot, (void)reserved;
  const CK_RV rv = module_enter();
  return rv != CKR_OK ? rv : module_leave(CKR_FUNCTION_NOT_SUPPORTED);
}

/* ---- sessions ---- */

static struct session *session_free_entry(CK_SESSION_HANDLE *handle) {
  size_t index = 0;
  while (index < session_count && sessions[index].in_use) index++;
  if (index == session_count) {
    struct session *grown = session_count >= TABLE_MAX ? NULL : realloc(sessions, (session_count + TABLE_STEP) * sizeof *grown);
    if (grown == NULL) return NULL;
    memset(grown + session_count, 0, TABLE_STEP * sizeof *grown);
    sessions = grown;
    session_count += TABLE_STEP;
  }
  *handle = index + 1;
  return &sessions[index];
}

CK_RV C_OpenSession(CK_SLOT_ID number, CK_FLAGS flags, CK_VOID_PTR application, CK_NOTIFY notify, CK_SESSION_HANDLE_PTR handle) {
  (void)application, (void)notify;
  CK_RV rv = module_enter();
  if (rv != CKR_OK) return rv;
  if (handle == NULL) return module_leave(CKR_ARGUMENTS_BAD);
  if ((flags & CKF_SERIAL_SESSION) == 0) return module_leave(CKR_SESSION_PARALLEL_NOT_SUPPORTED);
  struct slot *slot = NULL;
  rv = update_to_token(number, &slot);
  if (rv != CKR_OK) return module_leave(rv);
  struct session *session = session_free_entry(handle);
  if (session == NULL) return module_leave(CKR_HOST_MEMORY);
  session_clear(session);
  session->in_use = true;
  session->slot = number;
  session->flags = flags;
  slot->sessions += 1;
  slot->connections += 1;
  return module_leave(CKR_OK);
}

CK_RV C_CloseSession(CK_SESSION_HANDLE handle) {
  const CK_RV rv = module_enter();
  if (rv != CKR_OK) return rv;
  struct session *session = NULL;
  session_get(handle, &session);
  if (session == NULL) return module_leave(CKR_SESSION_HANDLE_INVALID);
  struct slot *slot = slot_get(session->slot);
  /* The slot went with its reader: the real library leaves such a session in its table; nothing can be done with it. */
  if (slot != NULL) session_close(slot, session);
  return module_leave(CKR_OK);
}

CK_RV C_CloseAllSessions(CK_SLOT_ID number) {
  const CK_RV rv = module_enter();
  if (rv != CKR_OK) return rv;
  struct slot *slot = slot_get(number);
  if (slot == NULL) return module_leave(CKR_SLOT_ID_INVALID);
  if (slot->sessions == 0) return module_leave(CKR_OK);
  for (size_t i = 0; i < session_count; i++) {
    if (sessions[i].in_use && sessions[i].slot == number) session_close(slot, &sessions[i]);
  }
  return module_leave(CKR_OK);
}

CK_RV C_GetSessionInfo(CK_SESSION_HANDLE handle, CK_SESSION_INFO_PTR info) {
  CK_RV rv = module_enter();
  if (rv != CKR_OK) return rv;
  if (info == NULL) return module_leave(CKR_ARGUMENTS_BAD);
  struct session *session = NULL;
  struct slot *slot = NULL;
  rv = session_and_slot(handle, &session, &slot);
  if (rv != CKR_OK) return module_leave(rv);
  struct world world;
  world_read(&world);
  const bool writes = (session->flags & CKF_RW_SESSION) != 0;
  const bool user = slot->logged_in || world.dialogs;
  info->slotID = session->slot;
  info->flags = session->flags;
  info->ulDeviceError = 0;
  info->state = user ? (writes ? CKS_RW_USER_FUNCTIONS : CKS_RO_USER_FUNCTIONS) : (writes ? CKS_RW_PUBLIC_SESSION : CKS_RO_PUBLIC_SESSION);
  return module_leave(CKR_OK);
}

/* ---- PIN ---- */

/* Without a PIN, or with one of 20 characters and more (P:cal.cpp:971), the library asks for it itself. */
static CK_RV without_pin(void) {
  struct world world;
  world_read(&world);
  return world.dialogs ? CKR_FUNCTION_CANCELED : CKR_FUNCTION_FAILED;
}

/* 4 to 12 digits (CL:card.h:52); anything else never reaches the card. */
static CK_RV read_pin(const CK_UTF8CHAR *given, CK_ULONG size, char out[13]) {
  if (given == NULL || size == 0 || size >= 20) return without_pin();
  if (size < 4 || size > 12) return CKR_FUNCTION_FAILED;
  for (CK_ULONG i = 0; i < size; i++) {
    if (given[i] < '0' || given[i] > '9') return CKR_FUNCTION_FAILED;
    out[i] = (char)given[i];
  }
  out[size] = 0;
  return CKR_OK;
}

static CK_RV pin_answer(enum pin_result result) {
  switch (result) {
    case PIN_RIGHT:
      return CKR_OK;
    case PIN_WRONG:
      return CKR_PIN_INCORRECT;
    case PIN_BLOCKED:
      return CKR_PIN_LOCKED;
    default:
      return CKR_DEVICE_ERROR;
  }
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
  char text[13];
  rv = read_pin(pin, size, text);
  if (rv == CKR_OK) rv = pin_answer(pin_verify(&slot->card, text));
  slot->logged_in = rv == CKR_OK;
  memset(text, 0, sizeof text);
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

CK_RV C_SetPIN(CK_SESSION_HANDLE handle, CK_UTF8CHAR_PTR from, CK_ULONG from_size, CK_UTF8CHAR_PTR to, CK_ULONG to_size) {
  CK_RV rv = module_enter();
  if (rv != CKR_OK) return rv;
  struct session *session = NULL;
  struct slot *slot = NULL;
  rv = session_and_slot(handle, &session, &slot);
  char old[13];
  char new[13];
  if (rv == CKR_OK) rv = read_pin(from, from_size, old);
  if (rv == CKR_OK) rv = read_pin(to, to_size, new);
  if (rv == CKR_OK) rv = pin_answer(pin_change(&slot->card, old, new));
  return module_leave(rv);
}

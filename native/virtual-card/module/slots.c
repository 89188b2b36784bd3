#include "session.h"

#include <stdio.h>
#include <string.h>

/* Cryptoki's texts: blanks behind, no NUL. */
static void pad(unsigned char *out, size_t size, const char *text) {
  const size_t length = strlen(text);
  memset(out, ' ', size);
  memcpy(out, text, length < size ? length : size);
}

/* Says what it is: a program that must never meet a virtual card can refuse this manufacturer. */
CK_RV C_GetInfo(CK_INFO_PTR info) {
  if (info == NULL) return CKR_ARGUMENTS_BAD;
  info->cryptokiVersion = (CK_VERSION){2, 40};
  pad(info->manufacturerID, sizeof info->manufacturerID, "Loket demo and test");
  info->flags = 0;
  pad(info->libraryDescription, sizeof info->libraryDescription, "Loket virtual eID, no real card");
  info->libraryVersion = (CK_VERSION){1, 0};
  return CKR_OK;
}

CK_RV C_GetSlotList(CK_BBOOL token_present, CK_SLOT_ID_PTR list, CK_ULONG_PTR count) {
  CK_RV rv = module_enter_for(list);
  if (rv != CKR_OK) return rv;
  if (count == NULL) return module_leave(CKR_ARGUMENTS_BAD);
  /* The only call that notices readers coming and going (P:general.c:245). */
  if (list == NULL) slots_refresh();
  CK_ULONG found = 0;
  for (unsigned i = 0; i < slots_known(); i++) {
    if (token_present == CK_TRUE) {
      enum presence presence;
      rv = slot_update(slot_get(i), &presence);
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

CK_RV slot_with_token(CK_SLOT_ID number, struct slot **slot) {
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
  rv = slot_with_token(number, &slot);
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
  if (world.dialogs == DIALOGS_NONE) info->flags |= CKF_LOGIN_REQUIRED;
  if (world.pinpad) info->flags |= CKF_PROTECTED_AUTHENTICATION_PATH;
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
  CK_RV rv = module_enter_for(list);
  if (rv != CKR_OK) return rv;
  if (count == NULL) return module_leave(CKR_ARGUMENTS_BAD);
  struct slot *slot = NULL;
  rv = slot_with_token(number, &slot);
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
  rv = slot_with_token(number, &slot);
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

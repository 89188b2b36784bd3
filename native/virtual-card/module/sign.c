#include "session.h"

#include <string.h>

#define KEY_CARD 1
#define KEY_AUTHENTICATION 2
#define KEY_SIGNATURE 3

static bool is_sign_mechanism(const struct card *card, CK_MECHANISM_TYPE type) {
  CK_MECHANISM_TYPE list[32];
  const size_t count = card_mechanisms(card, list, sizeof list / sizeof list[0]);
  /* The six digests come first. */
  for (size_t i = 6; i < count; i++) {
    if (list[i] == type) return true;
  }
  return false;
}

static CK_RV sign_begin(struct slot *slot, struct session *session, CK_MECHANISM_TYPE mechanism, CK_OBJECT_HANDLE key) {
  if (session->sign.active) return CKR_OPERATION_ACTIVE;
  (void)objects_add_pki(slot);
  if (!is_sign_mechanism(&slot->card, mechanism)) return CKR_MECHANISM_INVALID;
  const struct object *object = object_get(slot, key);
  if (object == NULL) return CKR_KEY_HANDLE_INVALID;
  const struct attribute *id = attribute_get(object, CKA_ID);
  const struct attribute *sign = attribute_get(object, CKA_SIGN);
  if (attribute_get(object, CKA_KEY_TYPE) == NULL || id == NULL) return CKR_KEY_TYPE_INCONSISTENT;
  if (sign == NULL || sign->size != 1 || sign->value[0] != CK_TRUE) return CKR_KEY_FUNCTION_NOT_PERMITTED;
  operation_clear(&session->sign);
  memcpy(&session->sign.key, id->value, sizeof session->sign.key);
  session->sign.mechanism = mechanism;
  session->sign.active = true;
  return CKR_OK;
}

CK_RV C_SignInit(CK_SESSION_HANDLE handle, CK_MECHANISM_PTR mechanism, CK_OBJECT_HANDLE key) {
  CK_RV rv = module_enter();
  if (rv != CKR_OK) return rv;
  struct session *session = NULL;
  struct slot *slot = NULL;
  rv = session_and_slot(handle, &session, &slot);
  if (rv != CKR_OK) return module_leave(rv);
  if (mechanism == NULL) return module_leave(CKR_ARGUMENTS_BAD);
  return module_leave(sign_begin(slot, session, mechanism->mechanism, key));
}

static CK_RV sign(struct slot *slot, const struct operation *operation, const unsigned char *data, size_t size, CK_BYTE_PTR out, size_t out_size) {
  struct world world;
  world_read(&world);
  CK_RV asked = CKR_OK;
  if (!card_wait(&slot->card, 3 * world.latency_us)) return CKR_DEVICE_ERROR;
  if (slot->card.worn) return CKR_DEVICE_ERROR;
  switch (operation->key) {
    case KEY_CARD:
      /* INTERNAL AUTHENTICATE over a 48-byte challenge, no PIN. */
      if (operation->mechanism != CKM_ECDSA || size != 48) return CKR_DEVICE_ERROR;
      return key_sign(&slot->card.files[FILE_CARD_KEY], CKM_ECDSA, data, size, out, out_size);
    case KEY_AUTHENTICATION:
      /* The PIN's state is the card's: whoever verified it, in whatever process. */
      if (!pin_is_verified(&slot->card)) asked = ask_pin(slot);
      if (asked != CKR_OK) return asked;
      return key_sign(&slot->card.files[FILE_AUTH_KEY], operation->mechanism, data, size, out, out_size);
    default:
      /* The non-repudiation key wants a PIN in the same breath, asked by the library, also after C_Login. */
      asked = ask_pin(slot);
      if (asked != CKR_OK) return asked;
      return key_sign(&slot->card.files[FILE_SIGN_KEY], operation->mechanism, data, size, out, out_size);
  }
}

static CK_RV sign_end(struct slot *slot, struct operation *operation, const unsigned char *data, size_t size, CK_BYTE_PTR out,
                      CK_ULONG_PTR out_size) {
  CK_RV rv = CKR_OK;
  if (!operation->active) return CKR_OPERATION_NOT_INITIALIZED;
  if (out_size == NULL || (data == NULL && size > 0)) return CKR_ARGUMENTS_BAD;
  const size_t length = key_signature_size(&slot->card);
  if (operation_asks_size(out, out_size, length, &rv)) return rv;
  rv = sign(slot, operation, data, size, out, length);
  if (rv == CKR_OK) *out_size = length;
  /* After the Card key's answer the operation stays active (P:sign.c:728-732): close the session. */
  if (operation->key != KEY_CARD) operation_clear(operation);
  return rv;
}

CK_RV C_Sign(CK_SESSION_HANDLE handle, CK_BYTE_PTR data, CK_ULONG size, CK_BYTE_PTR out, CK_ULONG_PTR out_size) {
  CK_RV rv = module_enter_for(out);
  if (rv != CKR_OK) return rv;
  struct session *session = NULL;
  struct slot *slot = NULL;
  rv = session_and_slot(handle, &session, &slot);
  if (rv == CKR_OK && session->sign.updated) rv = CKR_FUNCTION_FAILED;
  return module_leave(rv != CKR_OK ? rv : sign_end(slot, &session->sign, data, size, out, out_size));
}

CK_RV C_SignUpdate(CK_SESSION_HANDLE handle, CK_BYTE_PTR part, CK_ULONG size) {
  CK_RV rv = module_enter();
  if (rv != CKR_OK) return rv;
  struct session *session = NULL;
  struct slot *slot = NULL;
  rv = session_and_slot(handle, &session, &slot);
  return module_leave(rv != CKR_OK ? rv : operation_append(&session->sign, part, size));
}

CK_RV C_SignFinal(CK_SESSION_HANDLE handle, CK_BYTE_PTR out, CK_ULONG_PTR out_size) {
  CK_RV rv = module_enter_for(out);
  if (rv != CKR_OK) return rv;
  struct session *session = NULL;
  struct slot *slot = NULL;
  rv = session_and_slot(handle, &session, &slot);
  if (rv != CKR_OK) return module_leave(rv);
  return module_leave(sign_end(slot, &session->sign, session->sign.data.at, session->sign.data.size, out, out_size));
}

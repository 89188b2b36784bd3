#include "session.h"

#include <stdlib.h>
#include <string.h>

/* ---- information ---- */

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

/* ---- attributes ---- */

CK_RV C_GetAttributeValue(CK_SESSION_HANDLE handle, CK_OBJECT_HANDLE number, CK_ATTRIBUTE_PTR template, CK_ULONG count) {
  CK_RV rv = module_enter();
  if (rv != CKR_OK) return rv;
  struct session *session = NULL;
  struct slot *slot = NULL;
  rv = session_and_slot(handle, &session, &slot);
  if (rv != CKR_OK) return module_leave(rv);
  if (template == NULL && count > 0) return module_leave(CKR_ARGUMENTS_BAD);
  struct object *object = object_get(slot, number);
  if (object == NULL) return module_leave(CKR_OBJECT_HANDLE_INVALID);
  if (!object->read) rv = object_read(slot, object);
  if (rv != CKR_OK) return module_leave(rv);
  for (CK_ULONG i = 0; i < count; i++) {
    const struct attribute *found = attribute_get(object, template[i].type);
    if (found == NULL) {
      template[i].ulValueLen = (CK_ULONG)-1;
      rv = CKR_ATTRIBUTE_TYPE_INVALID;
    } else if (template[i].pValue == NULL) {
      template[i].ulValueLen = found->size;
    } else if (template[i].ulValueLen < found->size) {
      template[i].ulValueLen = (CK_ULONG)-1;
      rv = CKR_BUFFER_TOO_SMALL;
    } else {
      template[i].ulValueLen = found->size;
      if (found->size > 0) memcpy(template[i].pValue, found->value, found->size);
    }
  }
  return module_leave(rv);
}

/* ---- search ---- */

static void find_clear(struct session *session) {
  for (size_t i = 0; i < session->find.count; i++) free(session->find.attributes[i].value);
  memset(&session->find, 0, sizeof session->find);
  session->finding = false;
  session->find_next = 0;
}

static bool find_class(const struct object *template, CK_OBJECT_CLASS *class) {
  const struct attribute *attribute = attribute_get(template, CKA_CLASS);
  if (attribute == NULL || attribute->size != sizeof *class) return false;
  memcpy(class, attribute->value, sizeof *class);
  return true;
}

/* Which files a CKO_DATA search makes the library read: by CKA_OBJECT_ID, else by CKA_LABEL, else all. */
static CK_RV read_wanted_data(struct slot *slot, const struct object *template) {
  const struct attribute *id = attribute_get(template, CKA_OBJECT_ID);
  const struct attribute *label = attribute_get(template, CKA_LABEL);
  if (id != NULL && id->size > 0) return objects_add_data(slot, files_for_object_id(id->value, id->size));
  if (label == NULL || label->size == 0) return objects_add_data(slot, CACHED_ALL);
  const unsigned files = files_for_label(label->value, label->size);
  return files == CACHED_RECORD ? objects_add_record(slot, label->value, label->size) : objects_add_data(slot, files);
}

/* Without CKA_CLASS=CKO_DATA nothing of the card's data is read, so that browsers looking for certificates do not. */
static CK_RV find_begin(struct slot *slot, struct session *session) {
  CK_OBJECT_CLASS class = 0;
  const bool has_class = find_class(&session->find, &class);
  if (has_class && class == CKO_DATA) return read_wanted_data(slot, &session->find);
  return CKR_OK;
}

static bool is_pki(CK_OBJECT_CLASS class) {
  return class == CKO_CERTIFICATE || class == CKO_PRIVATE_KEY || class == CKO_PUBLIC_KEY || class == CKO_SECRET_KEY;
}

static CK_RV copy_template(struct object *out, const CK_ATTRIBUTE *template, CK_ULONG count) {
  memset(out, 0, sizeof *out);
  CK_RV rv = count > ATTRIBUTES_MAX ? CKR_ARGUMENTS_BAD : CKR_OK;
  for (CK_ULONG i = 0; rv == CKR_OK && i < count; i++) {
    const bool valid = template[i].ulValueLen <= FILE_MAX_SIZE && (template[i].pValue != NULL || template[i].ulValueLen == 0);
    if (!valid) rv = CKR_ARGUMENTS_BAD;
    else if (!object_set(out, template[i].type, template[i].pValue, template[i].ulValueLen)) rv = CKR_HOST_MEMORY;
  }
  return rv;
}

static CK_RV find_prepare(struct slot *slot, struct session *session, const CK_ATTRIBUTE *template, CK_ULONG count) {
  struct object wanted;
  CK_RV rv = copy_template(&wanted, template, count);
  CK_OBJECT_CLASS class = 0;
  const bool has_class = rv == CKR_OK && find_class(&wanted, &class);
  /* A failure to read the list of certificates is only logged: the search then finds nothing. */
  if (rv == CKR_OK && (count == 0 || (has_class && is_pki(class)))) (void)objects_add_pki(slot);
  if (has_class && !is_pki(class) && class != CKO_DATA) rv = CKR_ATTRIBUTE_VALUE_INVALID;
  if (rv == CKR_OK && session->finding) rv = CKR_OPERATION_ACTIVE;
  if (rv != CKR_OK) {
    for (size_t i = 0; i < wanted.count; i++) free(wanted.attributes[i].value);
    return rv;
  }
  find_clear(session);
  session->find = wanted;
  session->finding = true;
  /* From here on a failure leaves the search active: C_FindObjectsFinal, or CKR_OPERATION_ACTIVE next (P:object.c:449). */
  return find_begin(slot, session);
}

CK_RV C_FindObjectsInit(CK_SESSION_HANDLE handle, CK_ATTRIBUTE_PTR template, CK_ULONG count) {
  CK_RV rv = module_enter();
  if (rv != CKR_OK) return rv;
  struct session *session = NULL;
  struct slot *slot = NULL;
  rv = session_and_slot(handle, &session, &slot);
  if (rv != CKR_OK) return module_leave(rv);
  if (template == NULL && count > 0) return module_leave(CKR_ARGUMENTS_BAD);
  return module_leave(find_prepare(slot, session, template, count));
}

static bool matches(const struct object *object, const struct object *wanted) {
  for (size_t i = 0; i < wanted->count; i++) {
    const struct attribute *want = &wanted->attributes[i];
    const struct attribute *have = attribute_get(object, want->type);
    if (have == NULL || have->size != want->size) return false;
    if (have->size > 0 && memcmp(have->value, want->value, have->size) != 0) return false;
  }
  return true;
}

CK_RV C_FindObjects(CK_SESSION_HANDLE handle, CK_OBJECT_HANDLE_PTR objects, CK_ULONG max, CK_ULONG_PTR count) {
  CK_RV rv = module_enter();
  if (rv != CKR_OK) return rv;
  struct session *session = NULL;
  struct slot *slot = NULL;
  rv = session_and_slot(handle, &session, &slot);
  if (rv != CKR_OK) return module_leave(rv);
  if (count == NULL || (objects == NULL && max > 0)) return module_leave(CKR_ARGUMENTS_BAD);
  if (!session->finding) return module_leave(CKR_OPERATION_NOT_INITIALIZED);
  *count = 0;
  const struct attribute *token = attribute_get(&session->find, CKA_TOKEN);
  if (token != NULL && token->size == sizeof(CK_BBOOL) && token->value[0] == CK_FALSE) return module_leave(CKR_OK);
  const struct attribute *label = attribute_get(&session->find, CKA_LABEL);
  const bool shows_hidden = label != NULL && label->size > 0;
  while (session->find_next < slot->object_count && *count < max) {
    const size_t at = session->find_next++;
    const struct object *object = &slot->objects[at];
    if (object->hidden && !shows_hidden) continue;
    if (matches(object, &session->find)) objects[(*count)++] = at + 1;
  }
  return module_leave(CKR_OK);
}

CK_RV C_FindObjectsFinal(CK_SESSION_HANDLE handle) {
  CK_RV rv = module_enter();
  if (rv != CKR_OK) return rv;
  struct session *session = NULL;
  struct slot *slot = NULL;
  rv = session_and_slot(handle, &session, &slot);
  if (rv != CKR_OK) return module_leave(rv);
  if (!session->finding) return module_leave(CKR_OPERATION_NOT_INITIALIZED);
  find_clear(session);
  return module_leave(CKR_OK);
}

/* ---- operations over data ---- */

static void operation_clear(struct operation *operation) {
  free(operation->data.at);
  memset(operation, 0, sizeof *operation);
}

static CK_RV operation_append(struct operation *operation, const unsigned char *part, CK_ULONG size) {
  if (!operation->active) return CKR_OPERATION_NOT_INITIALIZED;
  if (part == NULL && size > 0) return CKR_ARGUMENTS_BAD;
  if (size > 16u * 1024 * 1024 - operation->data.size) return CKR_DATA_LEN_RANGE;
  operation->updated = true;
  if (size == 0) return CKR_OK;
  unsigned char *grown = realloc(operation->data.at, operation->data.size + size);
  if (grown == NULL) return CKR_HOST_MEMORY;
  memcpy(grown + operation->data.size, part, size);
  operation->data.at = grown;
  operation->data.size += size;
  return CKR_OK;
}

CK_RV C_DigestInit(CK_SESSION_HANDLE handle, CK_MECHANISM_PTR mechanism) {
  CK_RV rv = module_enter();
  if (rv != CKR_OK) return rv;
  struct session *session = NULL;
  struct slot *slot = NULL;
  rv = session_and_slot(handle, &session, &slot);
  if (rv != CKR_OK) return module_leave(rv);
  if (mechanism == NULL) return module_leave(CKR_ARGUMENTS_BAD);
  if (session->digest.active) return module_leave(CKR_OPERATION_ACTIVE);
  if (digest_size(mechanism->mechanism) == 0) return module_leave(CKR_FUNCTION_FAILED);
  operation_clear(&session->digest);
  session->digest.active = true;
  session->digest.mechanism = mechanism->mechanism;
  return module_leave(CKR_OK);
}

/* The size when `out` is NULL, CKR_BUFFER_TOO_SMALL when it does not fit: in both cases the operation stays active. */
static bool asks_size(CK_BYTE_PTR out, CK_ULONG_PTR out_size, CK_ULONG size, CK_RV *rv) {
  if (out != NULL && *out_size >= size) return false;
  *rv = out == NULL ? CKR_OK : CKR_BUFFER_TOO_SMALL;
  *out_size = size;
  return true;
}

static CK_RV digest_end(struct operation *operation, const unsigned char *data, size_t size, CK_BYTE_PTR out, CK_ULONG_PTR out_size) {
  CK_RV rv = CKR_OK;
  if (!operation->active) return CKR_OPERATION_NOT_INITIALIZED;
  if (out_size == NULL || (data == NULL && size > 0)) return CKR_ARGUMENTS_BAD;
  const size_t length = digest_size(operation->mechanism);
  if (asks_size(out, out_size, length, &rv)) return rv;
  rv = digest(operation->mechanism, data, size, out) ? CKR_OK : CKR_FUNCTION_FAILED;
  *out_size = length;
  operation_clear(operation);
  return rv;
}

CK_RV C_Digest(CK_SESSION_HANDLE handle, CK_BYTE_PTR data, CK_ULONG size, CK_BYTE_PTR out, CK_ULONG_PTR out_size) {
  CK_RV rv = module_enter();
  if (rv != CKR_OK) return rv;
  struct session *session = NULL;
  struct slot *slot = NULL;
  rv = session_and_slot(handle, &session, &slot);
  if (rv == CKR_OK && session->digest.updated) rv = CKR_FUNCTION_FAILED;
  return module_leave(rv != CKR_OK ? rv : digest_end(&session->digest, data, size, out, out_size));
}

CK_RV C_DigestUpdate(CK_SESSION_HANDLE handle, CK_BYTE_PTR part, CK_ULONG size) {
  CK_RV rv = module_enter();
  if (rv != CKR_OK) return rv;
  struct session *session = NULL;
  struct slot *slot = NULL;
  rv = session_and_slot(handle, &session, &slot);
  return module_leave(rv != CKR_OK ? rv : operation_append(&session->digest, part, size));
}

CK_RV C_DigestFinal(CK_SESSION_HANDLE handle, CK_BYTE_PTR out, CK_ULONG_PTR out_size) {
  CK_RV rv = module_enter();
  if (rv != CKR_OK) return rv;
  struct session *session = NULL;
  struct slot *slot = NULL;
  rv = session_and_slot(handle, &session, &slot);
  if (rv != CKR_OK) return module_leave(rv);
  return module_leave(digest_end(&session->digest, session->digest.data.at, session->digest.data.size, out, out_size));
}

/* ---- signing ---- */

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

/* The library asks for the PIN itself: in its dialog, which nobody here answers, or not at all. */
static CK_RV without_login(void) {
  struct world world;
  world_read(&world);
  return world.dialogs ? CKR_FUNCTION_CANCELED : CKR_FUNCTION_FAILED;
}

static CK_RV sign(struct slot *slot, const struct operation *operation, const unsigned char *data, size_t size, CK_BYTE_PTR out, size_t out_size) {
  struct world world;
  world_read(&world);
  if (!card_wait(&slot->card, 3 * world.latency_us)) return CKR_DEVICE_ERROR;
  if (slot->card.worn) return CKR_DEVICE_ERROR;
  switch (operation->key) {
    case KEY_CARD:
      /* INTERNAL AUTHENTICATE over a 48-byte challenge, no PIN. */
      if (operation->mechanism != CKM_ECDSA || size != 48) return CKR_DEVICE_ERROR;
      return key_sign(&slot->card.files[FILE_CARD_KEY], CKM_ECDSA, data, size, out, out_size);
    case KEY_AUTHENTICATION:
      /* The PIN's state is the card's: whoever verified it, in whatever process. */
      if (!pin_is_verified(&slot->card)) return without_login();
      return key_sign(&slot->card.files[FILE_AUTH_KEY], operation->mechanism, data, size, out, out_size);
    default:
      /* The non-repudiation key wants a PIN in the same breath, asked by the library, also after C_Login. */
      return without_login();
  }
}

static CK_RV sign_end(struct slot *slot, struct operation *operation, const unsigned char *data, size_t size, CK_BYTE_PTR out,
                      CK_ULONG_PTR out_size) {
  CK_RV rv = CKR_OK;
  if (!operation->active) return CKR_OPERATION_NOT_INITIALIZED;
  if (out_size == NULL || (data == NULL && size > 0)) return CKR_ARGUMENTS_BAD;
  const size_t length = key_signature_size(&slot->card);
  if (asks_size(out, out_size, length, &rv)) return rv;
  rv = sign(slot, operation, data, size, out, length);
  if (rv == CKR_OK) *out_size = length;
  /* After the Card key's answer the operation stays active (P:sign.c:728-732): close the session. */
  if (operation->key != KEY_CARD) operation_clear(operation);
  return rv;
}

CK_RV C_Sign(CK_SESSION_HANDLE handle, CK_BYTE_PTR data, CK_ULONG size, CK_BYTE_PTR out, CK_ULONG_PTR out_size) {
  CK_RV rv = module_enter();
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
  CK_RV rv = module_enter();
  if (rv != CKR_OK) return rv;
  struct session *session = NULL;
  struct slot *slot = NULL;
  rv = session_and_slot(handle, &session, &slot);
  if (rv != CKR_OK) return module_leave(rv);
  return module_leave(sign_end(slot, &session->sign, session->sign.data.at, session->sign.data.size, out, out_size));
}

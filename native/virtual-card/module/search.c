#include "session.h"

#include <stdlib.h>
#include <string.h>

static bool asks_lengths(const CK_ATTRIBUTE *template, CK_ULONG count) {
  if (template == NULL) return false;
  for (CK_ULONG i = 0; i < count; i++) {
    if (template[i].pValue != NULL) return false;
  }
  return true;
}

CK_RV C_GetAttributeValue(CK_SESSION_HANDLE handle, CK_OBJECT_HANDLE number, CK_ATTRIBUTE_PTR template, CK_ULONG count) {
  CK_RV rv = module_enter_call(__func__, asks_lengths(template, count));
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

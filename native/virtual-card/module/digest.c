#include "session.h"

#include <stdlib.h>
#include <string.h>

void operation_clear(struct operation *operation) {
  free(operation->data.at);
  memset(operation, 0, sizeof *operation);
}

CK_RV operation_append(struct operation *operation, const unsigned char *part, CK_ULONG size) {
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

bool operation_asks_size(CK_BYTE_PTR out, CK_ULONG_PTR out_size, CK_ULONG size, CK_RV *rv) {
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
  if (operation_asks_size(out, out_size, length, &rv)) return rv;
  rv = digest(operation->mechanism, data, size, out) ? CKR_OK : CKR_FUNCTION_FAILED;
  *out_size = length;
  operation_clear(operation);
  return rv;
}

CK_RV C_Digest(CK_SESSION_HANDLE handle, CK_BYTE_PTR data, CK_ULONG size, CK_BYTE_PTR out, CK_ULONG_PTR out_size) {
  CK_RV rv = module_enter_for(out);
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
  CK_RV rv = module_enter_for(out);
  if (rv != CKR_OK) return rv;
  struct session *session = NULL;
  struct slot *slot = NULL;
  rv = session_and_slot(handle, &session, &slot);
  if (rv != CKR_OK) return module_leave(rv);
  return module_leave(digest_end(&session->digest, session->digest.data.at, session->digest.data.size, out, out_size));
}

#ifndef LOKET_VIRTUAL_CARD_SESSION_H
#define LOKET_VIRTUAL_CARD_SESSION_H

#include "module.h"

struct operation {
  bool active;
  CK_MECHANISM_TYPE mechanism;
  CK_ULONG key; /* CKA_ID of the key, for signing */
  bool updated; /* C_SignUpdate / C_DigestUpdate were used */
  struct bytes data;
};

struct session {
  bool in_use;
  bool invalid; /* the card it was opened with has left */
  CK_SLOT_ID slot;
  CK_FLAGS flags;
  bool finding;
  struct object find; /* the search template */
  size_t find_next;
  struct operation sign, digest;
};

/* Every entry point: CKR_CRYPTOKI_NOT_INITIALIZED or the one global lock (a blocked call blocks all). */
CK_RV module_enter_call(const char *name, bool is_length_query);
#define module_enter() module_enter_call(__func__, false)
/* For calls that only say how much room they need when `out` is NULL. */
#define module_enter_for(out) module_enter_call(__func__, (out) == NULL)
CK_RV module_leave(CK_RV rv);
/* A fault: the call does its work, and its answer gets lost (CKR_DEVICE_ERROR). */
bool module_call_fails(void);

/* P:cal.cpp cal_refresh_readers: a changed list wipes the slot table, while sessions survive. */
void slots_refresh(void);
unsigned slots_known(void);

struct slot *slot_get(CK_SLOT_ID number);
/* P:p11.c p11_get_session: `*session` is set even when the answer is an error, if the handle is inside the table. */
CK_RV session_get(CK_SESSION_HANDLE handle, struct session **session);
/* The session and its slot, or the error to answer with. */
CK_RV session_and_slot(CK_SESSION_HANDLE handle, struct session **session, struct slot **slot);

/* The slot of a reader with a card that the library knows, or the error to answer with. */
CK_RV slot_with_token(CK_SLOT_ID number, struct slot **slot);

void operation_clear(struct operation *operation);
CK_RV operation_append(struct operation *operation, const unsigned char *part, CK_ULONG size);
/* The size when `out` is NULL, CKR_BUFFER_TOO_SMALL when it does not fit: in both cases the operation stays active. */
bool operation_asks_size(CK_BYTE_PTR out, CK_ULONG_PTR out_size, CK_ULONG size, CK_RV *rv);

#endif

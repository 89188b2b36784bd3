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
CK_RV module_enter_call(const char *name);
#define module_enter() module_enter_call(__func__)
CK_RV module_leave(CK_RV rv);

/* Cryptoki's texts: blanks behind, no NUL. */
void pad(unsigned char *out, size_t size, const char *text);

struct slot *slot_get(CK_SLOT_ID number);
/* P:p11.c p11_get_session: `*session` is set even when the answer is an error, if the handle is inside the table. */
CK_RV session_get(CK_SESSION_HANDLE handle, struct session **session);
/* The session and its slot, or the error to answer with. */
CK_RV session_and_slot(CK_SESSION_HANDLE handle, struct session **session, struct slot **slot);

#endif

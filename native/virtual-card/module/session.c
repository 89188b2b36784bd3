#include "session.h"

#include <pthread.h>
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
static unsigned long calls = 0;
static bool call_fails = false;

/* A search that fails stays active, and a PIN that was given was given, although the answer is an error. */
static bool works_before_failing(const char *name) {
  return strcmp(name, "C_FindObjectsInit") == 0 || strcmp(name, "C_Login") == 0;
}

/* With the lock held; releases it when the call goes no further. */
static CK_RV begin_call(const char *name, bool is_length_query) {
  calls += 1;
  journal("call", name, is_length_query ? "length" : "");
  if (fault_begin() == CALL_WORKS) return CKR_OK;
  call_fails = works_before_failing(name);
  return call_fails ? CKR_OK : module_leave(CKR_DEVICE_ERROR);
}

CK_RV module_enter_call(const char *name, bool is_length_query) {
  pthread_mutex_lock(&lock);
  if (initialized) return begin_call(name, is_length_query);
  pthread_mutex_unlock(&lock);
  return CKR_CRYPTOKI_NOT_INITIALIZED;
}

bool module_call_fails(void) {
  return call_fails;
}

static void publish_holdings(void) {
  struct holdings holdings = {.calls = calls, .handles = slots_leaked_handles()};
  for (size_t i = 0; i < session_count; i++) {
    holdings.sessions += sessions[i].in_use;
    holdings.searches += sessions[i].finding;
  }
  for (unsigned i = 0; i < SLOTS_MAX; i++) holdings.handles += slots[i].connected;
  holdings_publish(&holdings);
}

CK_RV module_leave(CK_RV rv) {
  fault_move();
  if (call_fails) rv = CKR_DEVICE_ERROR;
  call_fails = false;
  slots_touch_power();
  publish_holdings();
  pthread_mutex_unlock(&lock);
  return rv;
}

void slots_touch_power(void) {
  for (unsigned i = 0; i < SLOTS_MAX; i++) {
    if (slots[i].connected) power_touch(slots[i].power);
  }
}

unsigned slots_known(void) {
  return slot_count;
}

void slots_refresh(void) {
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
  const CK_RV begun = begin_call(__func__, false);
  if (begun != CKR_OK) return begun;
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
  rv = slot_with_token(number, &slot);
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
  const bool user = slot->logged_in || world.dialogs != DIALOGS_NONE;
  info->slotID = session->slot;
  info->flags = session->flags;
  info->ulDeviceError = 0;
  info->state = user ? (writes ? CKS_RW_USER_FUNCTIONS : CKS_RO_USER_FUNCTIONS) : (writes ? CKS_RW_PUBLIC_SESSION : CKS_RO_PUBLIC_SESSION);
  return module_leave(CKR_OK);
}

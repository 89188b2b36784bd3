/*
 * The two peers that the card bench measures the app against, on the same module and card:
 *
 *   minimal   polls, then reads the six files with the fewest PKCS#11 calls for those bytes: per file one search by
 *             CKA_OBJECT_ID and label, and one C_GetAttributeValue into a buffer that is large enough. It proves nothing.
 *   obvious   polls, then finds all CKO_DATA objects and asks each for all its attributes, as most sample code does.
 *
 * `minimal-card MODULE minimal|obvious POLL_MS` prints a line when it has begun to poll, and at the end a line of JSON:
 * when the look that saw the card began and when each thing was there, in milliseconds of the system's clock.
 */
#include <dlfcn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

#include <pkcs11.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define MAX_SLOTS 16
/* The largest file of a card is its photo, some 4 KB. */
#define VALUE_MAX 65536

static CK_FUNCTION_LIST_PTR p11;
static unsigned char value[VALUE_MAX];
static double seen_at;
static CK_ULONG bytes_read;

static double now_ms(void) {
  struct timeval now;
  gettimeofday(&now, NULL);
  return (double)now.tv_sec * 1000 + (double)now.tv_usec / 1000;
}

static void need(CK_RV rv, const char *call) {
  if (rv == CKR_OK) return;
  fprintf(stderr, "%s answered 0x%lx\n", call, rv);
  exit(1);
}
#define NEED(call) need(call, #call)

static void load(const char *file) {
  void *library = dlopen(file, RTLD_NOW);
  CK_C_GetFunctionList get = library == NULL ? NULL : (CK_C_GetFunctionList)dlsym(library, "C_GetFunctionList");
  if (get == NULL) {
    fprintf(stderr, "%s\n", dlerror());
    exit(1);
  }
  NEED(get(&p11));
  CK_C_INITIALIZE_ARGS arguments = {.flags = CKF_OS_LOCKING_OK};
  NEED(p11->C_Initialize(&arguments));
}

/* C_GetSlotInfo at each look and the list of readers once a second, as the app does. */
static CK_SLOT_ID wait_for_card(long poll_ms) {
  CK_SLOT_ID slots[MAX_SLOTS];
  CK_ULONG count = 0;
  double listed_at = 0;
  for (;;) {
    if (now_ms() - listed_at >= 1000) {
      NEED(p11->C_GetSlotList(CK_FALSE, NULL, &count));
      if (count > MAX_SLOTS) count = MAX_SLOTS;
      NEED(p11->C_GetSlotList(CK_FALSE, slots, &count));
      if (listed_at == 0) puts("polling"), fflush(stdout);
      listed_at = now_ms();
    }
    for (CK_ULONG i = 0; i < count; i++) {
      CK_SLOT_INFO info;
      seen_at = now_ms();
      if (p11->C_GetSlotInfo(slots[i], &info) == CKR_OK && (info.flags & CKF_TOKEN_PRESENT) != 0) return slots[i];
    }
    const struct timespec pause = {.tv_sec = poll_ms / 1000, .tv_nsec = (poll_ms % 1000) * 1000000};
    nanosleep(&pause, NULL);
  }
}

static void read_file(CK_SESSION_HANDLE session, const char *id, const char *label) {
  CK_OBJECT_CLASS class = CKO_DATA;
  CK_ATTRIBUTE wanted[] = {
      {CKA_CLASS, &class, sizeof class}, {CKA_OBJECT_ID, (void *)id, strlen(id)}, {CKA_LABEL, (void *)label, strlen(label)}};
  CK_OBJECT_HANDLE object = 0;
  CK_ULONG found = 0;
  NEED(p11->C_FindObjectsInit(session, wanted, COUNT(wanted)));
  NEED(p11->C_FindObjects(session, &object, 1, &found));
  NEED(p11->C_FindObjectsFinal(session));
  if (found == 0) need(CKR_GENERAL_ERROR, label);
  CK_ATTRIBUTE content = {CKA_VALUE, value, sizeof value};
  NEED(p11->C_GetAttributeValue(session, object, &content, 1));
  bytes_read += content.ulValueLen;
}

static void read_minimal(CK_SESSION_HANDLE session) {
  static const struct {
    const char *id, *label, *name;
  } files[] = {
      {"id", "DATA_FILE", "identity"},
      {"sign_data_file", "SIGN_DATA_FILE", "identitySignature"},
      {"address", "ADDRESS_FILE", "address"},
      {"sign_address_file", "SIGN_ADDRESS_FILE", "addressSignature"},
      {"photo", "PHOTO_FILE", "photo"},
      {"rncert", "CERT_RN_FILE", "all"},
  };
  for (size_t i = 0; i < COUNT(files); i++) {
    read_file(session, files[i].id, files[i].label);
    printf(", \"%s\": %.3f", files[i].name, now_ms());
  }
}

/* Each attribute twice: how long is it, then what is it. An attribute that an object lacks is no news. */
static void read_all_attributes(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object) {
  static const CK_ATTRIBUTE_TYPE types[] = {CKA_CLASS,     CKA_TOKEN, CKA_PRIVATE,     CKA_MODIFIABLE,
                                            CKA_LABEL,     CKA_VALUE, CKA_APPLICATION, CKA_OBJECT_ID};
  for (size_t i = 0; i < COUNT(types); i++) {
    CK_ATTRIBUTE attribute = {types[i], NULL, 0};
    if (p11->C_GetAttributeValue(session, object, &attribute, 1) != CKR_OK || attribute.ulValueLen > sizeof value) continue;
    attribute.pValue = value;
    if (p11->C_GetAttributeValue(session, object, &attribute, 1) == CKR_OK && types[i] == CKA_VALUE) bytes_read += attribute.ulValueLen;
  }
}

static void read_obvious(CK_SESSION_HANDLE session) {
  CK_OBJECT_CLASS class = CKO_DATA;
  CK_ATTRIBUTE wanted = {CKA_CLASS, &class, sizeof class};
  CK_OBJECT_HANDLE object = 0;
  CK_ULONG found = 0;
  NEED(p11->C_FindObjectsInit(session, &wanted, 1));
  for (;;) {
    NEED(p11->C_FindObjects(session, &object, 1, &found));
    if (found == 0) break;
    read_all_attributes(session, object);
  }
  NEED(p11->C_FindObjectsFinal(session));
  /* Who the card says is known once all objects have been gone through: their order is nobody's promise. */
  printf(", \"identity\": %.3f, \"all\": %.3f", now_ms(), now_ms());
}

int main(int count, char **words) {
  if (count != 4) {
    fprintf(stderr, "usage: minimal-card MODULE minimal|obvious POLL_MS\n");
    return 2;
  }
  load(words[1]);
  const CK_SLOT_ID slot = wait_for_card(strtol(words[3], NULL, 10));
  CK_SESSION_HANDLE session = 0;
  NEED(p11->C_OpenSession(slot, CKF_SERIAL_SESSION, NULL, NULL, &session));
  printf("{\"seen\": %.3f", seen_at);
  if (strcmp(words[2], "obvious") == 0) read_obvious(session);
  else read_minimal(session);
  printf(", \"bytes\": %lu}\n", bytes_read);
  fflush(stdout);
  p11->C_CloseSession(session);
  p11->C_Finalize(NULL);
  return 0;
}

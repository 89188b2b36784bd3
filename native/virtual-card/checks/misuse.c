/*
 * Calls the module as nobody should: NULL where a pointer belongs, buffers that are too small, handles that are none,
 * cards full of noise. Linked with the module's sources and run under the address and undefined-behaviour sanitizers:
 * its exit code says whether the answers were right, they say whether memory was.
 */
#include "../module/module.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static int failures = 0;

static void expect(const char *what, CK_RV rv, CK_RV wanted) {
  if (rv == wanted) return;
  failures += 1;
  fprintf(stderr, "%s: 0x%lx instead of 0x%lx\n", what, rv, wanted);
}
#define EXPECT(call, wanted) expect(#call, call, wanted)

static void write_file(const char *folder, const char *name, const void *content, size_t size) {
  char path[512];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *file = fopen(path, "wb");
  if (file == NULL || fwrite(content, 1, size, file) != size) abort();
  fclose(file);
}

static void put_in(const char *folder, const char *cards, const char *card, unsigned insertion) {
  char state[1024];
  snprintf(state, sizeof state, "reader 1\ncard %s\ninsertion %u\ndialogs 0\ncards %s\n", card, insertion, cards);
  write_file(folder, "state", state, strlen(state));
}

static void before_initialize(void) {
  CK_ULONG count = 0;
  CK_FUNCTION_LIST_PTR list = NULL;
  EXPECT(C_GetFunctionList(NULL), CKR_ARGUMENTS_BAD);
  EXPECT(C_GetFunctionList(&list), CKR_OK);
  if (list == NULL || list->C_Sign != C_Sign || list->C_WaitForSlotEvent != C_WaitForSlotEvent) expect("function list", 1, 0);
  EXPECT(C_GetSlotList(CK_FALSE, NULL, &count), CKR_CRYPTOKI_NOT_INITIALIZED);
  EXPECT(C_Finalize(NULL), CKR_CRYPTOKI_NOT_INITIALIZED);
  CK_C_INITIALIZE_ARGS arguments = {.flags = CKF_OS_LOCKING_OK, .pReserved = &count};
  EXPECT(C_Initialize(&arguments), CKR_ARGUMENTS_BAD);
  arguments.pReserved = NULL;
  EXPECT(C_Initialize(&arguments), CKR_OK);
  EXPECT(C_Initialize(&arguments), CKR_CRYPTOKI_ALREADY_INITIALIZED);
  EXPECT(C_Finalize(&count), CKR_ARGUMENTS_BAD);
  EXPECT(C_GetInfo(NULL), CKR_ARGUMENTS_BAD);
}

static void slots(void) {
  CK_ULONG count = 7;
  CK_SLOT_ID ids[4] = {9, 9, 9, 9};
  EXPECT(C_GetSlotList(CK_FALSE, NULL, NULL), CKR_ARGUMENTS_BAD);
  /* No reader is known until somebody asks with a NULL list. */
  EXPECT(C_GetSlotList(CK_FALSE, ids, &count), CKR_OK);
  if (count != 0) expect("slots before the first look", count, 0);
  EXPECT(C_GetSlotList(CK_FALSE, NULL, &count), CKR_OK);
  if (count != 1) expect("slots", count, 1);
  count = 0;
  EXPECT(C_GetSlotList(CK_FALSE, ids, &count), CKR_BUFFER_TOO_SMALL);
  if (count != 1 || ids[0] != 9) expect("slots that do not fit", count, 1);
  count = 4;
  EXPECT(C_GetSlotList(CK_TRUE, ids, &count), CKR_OK);
  EXPECT(C_GetSlotInfo(0, NULL), CKR_ARGUMENTS_BAD);
  EXPECT(C_GetTokenInfo(0, NULL), CKR_ARGUMENTS_BAD);
  CK_SLOT_INFO slot;
  CK_TOKEN_INFO token;
  EXPECT(C_GetSlotInfo(1, &slot), CKR_SLOT_ID_INVALID);
  EXPECT(C_GetTokenInfo(99, &token), CKR_SLOT_ID_INVALID);
  EXPECT(C_GetTokenInfo(0, &token), CKR_OK);
  CK_MECHANISM_TYPE mechanisms[32];
  count = 2;
  EXPECT(C_GetMechanismList(0, mechanisms, &count), CKR_BUFFER_TOO_SMALL);
  if (count != 10) expect("mechanisms", count, 10);
  EXPECT(C_GetMechanismList(0, mechanisms, &count), CKR_OK);
  EXPECT(C_GetMechanismList(0, NULL, NULL), CKR_ARGUMENTS_BAD);
  CK_MECHANISM_INFO info;
  EXPECT(C_GetMechanismInfo(0, CKM_RSA_PKCS, &info), CKR_MECHANISM_INVALID);
  EXPECT(C_GetMechanismInfo(0, CKM_ECDSA, NULL), CKR_ARGUMENTS_BAD);
}

static CK_OBJECT_HANDLE find_one(CK_SESSION_HANDLE session, CK_OBJECT_CLASS class, const char *label) {
  CK_ATTRIBUTE template[] = {{CKA_CLASS, &class, sizeof class}, {CKA_LABEL, (void *)label, strlen(label)}};
  CK_OBJECT_HANDLE found = 0;
  CK_ULONG count = 0;
  EXPECT(C_FindObjectsInit(session, template, 2), CKR_OK);
  EXPECT(C_FindObjects(session, &found, 1, &count), CKR_OK);
  EXPECT(C_FindObjectsFinal(session), CKR_OK);
  return count == 1 ? found : 0;
}

static void objects(CK_SESSION_HANDLE session) {
  CK_OBJECT_CLASS class = CKO_DATA;
  CK_OBJECT_HANDLE found = 0;
  CK_ULONG count = 0;
  EXPECT(C_FindObjectsInit(session, NULL, 1), CKR_ARGUMENTS_BAD);
  CK_ATTRIBUTE broken = {CKA_LABEL, NULL, 5};
  EXPECT(C_FindObjectsInit(session, &broken, 1), CKR_ARGUMENTS_BAD);
  CK_ATTRIBUTE huge = {CKA_LABEL, &class, (CK_ULONG)-1};
  EXPECT(C_FindObjectsInit(session, &huge, 1), CKR_ARGUMENTS_BAD);
  EXPECT(C_FindObjects(session, &found, 1, &count), CKR_OPERATION_NOT_INITIALIZED);
  CK_OBJECT_CLASS otp = CKO_OTP_KEY;
  CK_ATTRIBUTE unsupported = {CKA_CLASS, &otp, sizeof otp};
  EXPECT(C_FindObjectsInit(session, &unsupported, 1), CKR_ATTRIBUTE_VALUE_INVALID);
  CK_ATTRIBUTE by_class = {CKA_CLASS, &class, sizeof class};
  EXPECT(C_FindObjectsInit(session, &by_class, 1), CKR_OK);
  EXPECT(C_FindObjects(session, NULL, 1, &count), CKR_ARGUMENTS_BAD);
  EXPECT(C_FindObjects(session, &found, 1, NULL), CKR_ARGUMENTS_BAD);
  EXPECT(C_FindObjectsInit(session, &by_class, 1), CKR_OPERATION_ACTIVE);
  EXPECT(C_FindObjectsFinal(session), CKR_OK);
  EXPECT(C_FindObjectsFinal(session), CKR_OPERATION_NOT_INITIALIZED);

  const CK_OBJECT_HANDLE photo = find_one(session, CKO_DATA, "PHOTO_FILE");
  unsigned char small[4];
  CK_ATTRIBUTE values[] = {{CKA_VALUE, small, sizeof small}, {CKA_APPLICATION, NULL, 0}, {CKA_LABEL, NULL, 0}};
  EXPECT(C_GetAttributeValue(session, photo, NULL, 1), CKR_ARGUMENTS_BAD);
  EXPECT(C_GetAttributeValue(session, photo, values, 1), CKR_BUFFER_TOO_SMALL);
  if (values[0].ulValueLen != (CK_ULONG)-1) expect("length of what does not fit", values[0].ulValueLen, (CK_ULONG)-1);
  values[0].pValue = NULL;
  EXPECT(C_GetAttributeValue(session, photo, values, 3), CKR_ATTRIBUTE_TYPE_INVALID);
  if (values[2].ulValueLen != strlen("PHOTO_FILE")) expect("the attribute behind a wrong one", values[2].ulValueLen, 10);
  EXPECT(C_GetAttributeValue(session, 0, values, 1), CKR_OBJECT_HANDLE_INVALID);
  EXPECT(C_GetAttributeValue(session, (CK_OBJECT_HANDLE)-1, values, 1), CKR_OBJECT_HANDLE_INVALID);
}

static void operations(CK_SESSION_HANDLE session) {
  unsigned char out[256];
  unsigned char hash[48] = {1};
  CK_ULONG size = sizeof out;
  CK_MECHANISM ecdsa = {CKM_ECDSA, NULL, 0};
  CK_MECHANISM sha384 = {CKM_SHA384, NULL, 0};
  const CK_OBJECT_HANDLE key = find_one(session, CKO_PRIVATE_KEY, "Authentication");
  const CK_OBJECT_HANDLE certificate = find_one(session, CKO_CERTIFICATE, "Authentication");
  EXPECT(C_Sign(session, hash, sizeof hash, out, &size), CKR_OPERATION_NOT_INITIALIZED);
  EXPECT(C_SignInit(session, NULL, key), CKR_ARGUMENTS_BAD);
  EXPECT(C_SignInit(session, &sha384, key), CKR_MECHANISM_INVALID);
  EXPECT(C_SignInit(session, &ecdsa, 12345), CKR_KEY_HANDLE_INVALID);
  EXPECT(C_SignInit(session, &ecdsa, certificate), CKR_KEY_TYPE_INCONSISTENT);
  EXPECT(C_Login(session, CKU_CONTEXT_SPECIFIC, (CK_UTF8CHAR_PTR) "1234", 4), CKR_USER_TYPE_INVALID);
  EXPECT(C_Login(session, CKU_USER, NULL, 4), CKR_FUNCTION_FAILED);
  EXPECT(C_Login(session, CKU_USER, (CK_UTF8CHAR_PTR) "1234", 4), CKR_OK);
  EXPECT(C_SignInit(session, &ecdsa, key), CKR_OK);
  EXPECT(C_SignInit(session, &ecdsa, key), CKR_OPERATION_ACTIVE);
  EXPECT(C_Sign(session, NULL, 5, out, &size), CKR_ARGUMENTS_BAD);
  EXPECT(C_Sign(session, hash, sizeof hash, out, NULL), CKR_ARGUMENTS_BAD);
  EXPECT(C_Sign(session, hash, sizeof hash, NULL, &size), CKR_OK);
  if (size != 96) expect("signature size", size, 96);
  size = 95;
  EXPECT(C_Sign(session, hash, sizeof hash, out, &size), CKR_BUFFER_TOO_SMALL);
  EXPECT(C_Sign(session, hash, sizeof hash, out, &size), CKR_OK);
  EXPECT(C_DigestInit(session, NULL), CKR_ARGUMENTS_BAD);
  EXPECT(C_DigestInit(session, &sha384), CKR_OK);
  EXPECT(C_DigestUpdate(session, NULL, 3), CKR_ARGUMENTS_BAD);
  EXPECT(C_DigestUpdate(session, hash, sizeof hash), CKR_OK);
  EXPECT(C_DigestUpdate(session, hash, 0), CKR_OK);
  size = 47;
  EXPECT(C_DigestFinal(session, out, &size), CKR_BUFFER_TOO_SMALL);
  EXPECT(C_DigestFinal(session, out, &size), CKR_OK);
  EXPECT(C_GetSessionInfo(session, NULL), CKR_ARGUMENTS_BAD);
  EXPECT(C_GetSessionInfo(0, NULL), CKR_ARGUMENTS_BAD);
}

/* Every file of every object class, on a card whose files hold noise of all sizes. */
static void noise(const char *folder, const char *cards) {
  static const char *const files[] = {"identity", "address", "identity-sign", "address-sign", "photo", "rn-cert", "basic-key", "token-info",
                                      "card-data", "atr", "auth-cert", "sign-cert", "ca-cert", "root-cert", "auth-key", "sign-key", "card-key"};
  char path[512];
  snprintf(path, sizeof path, "%s/noise", cards);
  mkdir(path, 0700);
  unsigned seed = 20240607;
  for (unsigned round = 1; round <= 60; round++) {
    const char *kind = round % 2 == 0 ? "kind eid\napplet 18\npin 1234\n" : "kind eid\napplet 17\npin 1234\n";
    write_file(path, "card", kind, strlen(kind));
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
      unsigned char content[700];
      seed = seed * 1664525u + 1013904223u;
      const size_t size = (seed >> 16) % (round % 5 == 0 ? 24 : sizeof content);
      for (size_t at = 0; at < size; at++) {
        seed = seed * 1664525u + 1013904223u;
        /* Small numbers and FFs make tags and lengths that nearly fit. */
        const unsigned byte = seed >> 24;
        content[at] = (unsigned char)(byte < 96 ? byte % 32 : byte < 112 ? 0xFF : byte);
      }
      /* A field whose length runs off the end of the file. */
      if (round % 7 == 0 && i < 2 && size > 0) {
        memset(content, 0xFF, size);
        content[0] = 1;
      }
      if (strstr(files[i], "-cert") != NULL && size > 4) memcpy(content, "\x30\x82\x02\x10", 4);
      write_file(path, files[i], content, size);
    }
    put_in(folder, cards, "noise", 1000 + round);
    CK_SESSION_HANDLE session = 0;
    CK_TOKEN_INFO token;
    CK_RV rv = C_GetTokenInfo(0, &token);
    if (rv != CKR_OK && rv != CKR_DEVICE_ERROR) expect("token info of noise", rv, CKR_OK);
    EXPECT(C_OpenSession(0, CKF_SERIAL_SESSION, NULL, NULL, &session), CKR_OK);
    CK_OBJECT_CLASS classes[] = {CKO_DATA, CKO_CERTIFICATE, CKO_PRIVATE_KEY, CKO_PUBLIC_KEY};
    for (size_t i = 0; i < 4; i++) {
      CK_ATTRIBUTE template = {CKA_CLASS, &classes[i], sizeof classes[i]};
      CK_OBJECT_HANDLE found[128];
      CK_ULONG count = 0;
      rv = C_FindObjectsInit(session, &template, 1);
      if (rv != CKR_OK && rv != CKR_DEVICE_ERROR) expect("search of noise", rv, CKR_OK);
      if (C_FindObjects(session, found, 128, &count) != CKR_OK) count = 0;
      C_FindObjectsFinal(session);
      for (CK_ULONG j = 0; j < count; j++) {
        unsigned char value[1024];
        CK_ATTRIBUTE wanted[] = {{CKA_VALUE, value, sizeof value}, {CKA_LABEL, value, sizeof value}};
        C_GetAttributeValue(session, found[j], wanted, 2);
        if (classes[i] != CKO_PRIVATE_KEY) continue;
        CK_MECHANISM mechanism = {round % 2 == 0 ? CKM_ECDSA : CKM_RSA_PKCS, NULL, 0};
        CK_ULONG size = sizeof value;
        C_Login(session, CKU_USER, (CK_UTF8CHAR_PTR) "1234", 4);
        if (C_SignInit(session, &mechanism, found[j]) == CKR_OK) C_Sign(session, value, 48, value, &size);
      }
    }
    EXPECT(C_CloseSession(session), CKR_OK);
  }
}

/* A control folder that lies: half lines, long lines, numbers out of range. */
static void bad_state(const char *folder) {
  static const char *const states[] = {
      "", "\n\n", "reader", "reader \n", "reader 99999999999999999999\ncard ../../etc\n", "card a\ncard.77 x\ncard.-1 y\nreader -3\n",
      "reader 1\ncard lotte/../bank\ninsertion x\nlatency_us -5\nconnect_us 1e9\n", "reader 1\r\ncard lotte\r\n",
  };
  for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
    write_file(folder, "state", states[i], strlen(states[i]));
    CK_ULONG count = 0;
    CK_SLOT_INFO slot;
    EXPECT(C_GetSlotList(CK_FALSE, NULL, &count), CKR_OK);
    for (CK_SLOT_ID id = 0; id < count && id < 10; id++) C_GetSlotInfo(id, &slot);
  }
  char *long_line = malloc(12000);
  if (long_line == NULL) abort();
  memset(long_line, 'x', 12000);
  memcpy(long_line, "reader 1\ncards ", 15);
  write_file(folder, "state", long_line, 12000);
  free(long_line);
  CK_ULONG count = 0;
  EXPECT(C_GetSlotList(CK_TRUE, NULL, &count), CKR_OK);
}

/* checks/fuzz.c: the inputs that the fuzzer starts from must hold without a fuzzer too. */
int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void replay(int argc, char **argv) {
  static unsigned char input[65536];
  if (argc > 0) LLVMFuzzerInitialize(NULL, NULL);
  for (int i = 0; i < argc; i++) {
    FILE *file = fopen(argv[i], "rb");
    if (file == NULL) abort();
    const size_t size = fread(input, 1, sizeof input, file);
    fclose(file);
    LLVMFuzzerTestOneInput(input, size);
    /* Cut off anywhere, an input is an input. */
    for (size_t part = 1; part < 8; part++) LLVMFuzzerTestOneInput(input, size * part / 8);
  }
}

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  const char *folder = argv[1];
  const char *cards = argv[2];
  setenv("LOKET_VIRTUAL_CARD", folder, 1);
  put_in(folder, cards, "lotte", 1);
  before_initialize();
  slots();
  CK_SESSION_HANDLE session = 0;
  EXPECT(C_OpenSession(0, CKF_SERIAL_SESSION, NULL, NULL, NULL), CKR_ARGUMENTS_BAD);
  EXPECT(C_OpenSession(0, 0, NULL, NULL, &session), CKR_SESSION_PARALLEL_NOT_SUPPORTED);
  EXPECT(C_OpenSession(3, CKF_SERIAL_SESSION, NULL, NULL, &session), CKR_SLOT_ID_INVALID);
  EXPECT(C_OpenSession(0, CKF_SERIAL_SESSION, NULL, NULL, &session), CKR_OK);
  EXPECT(C_CloseSession(0), CKR_SESSION_HANDLE_INVALID);
  EXPECT(C_CloseSession(11), CKR_SESSION_HANDLE_INVALID);
  objects(session);
  operations(session);
  EXPECT(C_CloseAllSessions(0), CKR_OK);
  noise(folder, cards);
  bad_state(folder);
  EXPECT(C_GenerateRandom(1, NULL, 0), CKR_FUNCTION_NOT_SUPPORTED);
  EXPECT(C_Finalize(NULL), CKR_OK);
  replay(argc - 3, argv + 3);
  return failures == 0 ? 0 : 1;
}

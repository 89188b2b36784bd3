/*
 * What a coverage-guided fuzzer drives (libFuzzer: LLVMFuzzerTestOneInput): one input is a list of records, each an
 * operation, a length of two bytes and that many bytes. Operations write the control folder's files (the state, the
 * card's, the PIN's, faults and keys) or call the module, so that an input is a world and what somebody does in it.
 * checks/fuzz-module.ts makes the first inputs, from real cards.
 */
#include "../module/module.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
  OP_FILE_FIRST = 0, /* and one for each of the card's files */
  OP_CARD = FILE_COUNT,
  OP_STATE,
  OP_MOVED,
  OP_FAULT,
  OP_KEYS,
  OP_PIN_FILE,
  OP_INSERT,
  OP_SLOT_LIST,
  OP_SLOT_INFO,
  OP_TOKEN_INFO,
  OP_MECHANISMS,
  OP_OPEN,
  OP_CLOSE,
  OP_CLOSE_ALL,
  OP_SESSION_INFO,
  OP_LOGIN,
  OP_LOGOUT,
  OP_SET_PIN,
  OP_FIND,
  OP_FIND_BY_CLASS,
  OP_FIND_MORE,
  OP_FIND_END,
  OP_ATTRIBUTES,
  OP_SIGN_BEGIN,
  OP_SIGN,
  OP_SIGN_UPDATE,
  OP_SIGN_END,
  OP_DIGEST_BEGIN,
  OP_DIGEST,
  OP_DIGEST_UPDATE,
  OP_DIGEST_END,
  OP_AGAIN,
  OP_COUNT
};

struct input {
  const uint8_t *at;
  size_t size;
};

static char folder[256];
static unsigned long insertion = 0;
static unsigned written = 0; /* which of the card's files the last input left */

static void write_file(const char *name, const void *first, size_t first_size, const void *rest, size_t rest_size) {
  char path[512];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *file = fopen(path, "wb");
  if (file == NULL) abort();
  fwrite(first, 1, first_size, file);
  fwrite(rest, 1, rest_size, file);
  fclose(file);
}

static void remove_file(const char *name) {
  char path[512];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  unlink(path);
}

/* Nothing may wait: that would be the fuzzer's time, and no behaviour of its own. */
static const char no_delays[] =
    "\nconnect_us 0\nforeign_us 0\nlatency_us 0\nfile_end_us 0\nv18_end_us 0\nfolder_us 0\nghost_us 0\npinpad_us 0\ndialog_us 0\njournal 0\n";

static void write_state(const struct input *own) {
  char text[4096];
  const int kept = own->size < 2048 ? (int)own->size : 2048;
  /* The card's folder and what would wait for an answer for ever come last: the last line of a key counts. */
  const int size = snprintf(text, sizeof text, "reader 2\ncard fuzz\ninsertion %lu\ndialogs %lu\n%.*s%s%scards %s/cards\n", insertion, insertion % 2, kept,
                            own->size == 0 ? "" : (const char *)own->at, no_delays, memmem(own->at, own->size, "dialogs", 7) != NULL ? "dialogs 1\n" : "", folder);
  write_file("state", text, (size_t)size, "", 0);
}

int LLVMFuzzerInitialize(int *argc, char ***argv) {
  (void)argc, (void)argv;
  char path[512];
  const char *parent = getenv("LOKET_FUZZ_FOLDER");
  snprintf(folder, sizeof folder, "%s/%ld", parent == NULL ? "/tmp" : parent, (long)getpid());
  mkdir(folder, 0700);
  for (const char *const *name = (const char *const[]){"cards", "cards/fuzz", "pins", NULL}; *name != NULL; name++) {
    snprintf(path, sizeof path, "%s/%s", folder, *name);
    mkdir(path, 0700);
  }
  setenv("LOKET_VIRTUAL_CARD", folder, 1);
  return 0;
}

static void begin_world(void) {
  static const char card[] = "kind eid\napplet 18\npin 1234\n";
  insertion += 1;
  char name[64];
  for (int file = 0; file < FILE_COUNT; file++) {
    if ((written & 1u << file) == 0) continue;
    snprintf(name, sizeof name, "cards/fuzz/%s", card_file_name(file));
    remove_file(name);
  }
  written = 0;
  static const char *const leftovers[] = {"moved", "fault", "keys", "pins/fuzz", "power/0", "power/1"};
  for (size_t i = 0; i < COUNT(leftovers); i++) remove_file(leftovers[i]);
  write_file("cards/fuzz/card", card, sizeof card - 1, "", 0);
  write_state(&(struct input){(const uint8_t *)"", 0});
}

static bool contains(const struct input *input, const char *word) {
  return memmem(input->at, input->size, word, strlen(word)) != NULL;
}

static void write_world(unsigned op, const struct input *input) {
  char name[64];
  if (op < OP_CARD) {
    snprintf(name, sizeof name, "cards/fuzz/%s", card_file_name((enum card_file)op));
    write_file(name, input->at, input->size, "", 0);
    written |= 1u << op;
    return;
  }
  switch (op) {
    case OP_CARD:
      write_file("cards/fuzz/card", "kind eid\n", 9, input->at, input->size);
      return;
    case OP_STATE:
      write_state(input);
      return;
    case OP_MOVED:
      write_file("moved", input->at, input->size, "", 0);
      return;
    case OP_FAULT:
      /* These two do what they say. */
      if (!contains(input, "crash") && !contains(input, "hang")) write_file("fault", input->at, input->size, "", 0);
      return;
    case OP_KEYS:
      write_file("keys", input->at, input->size, "", 0);
      return;
    case OP_PIN_FILE:
      write_file("pins/fuzz", input->at, input->size, "", 0);
      return;
    default:
      insertion += 1;
      write_state(&(struct input){(const uint8_t *)"", 0});
  }
}

static unsigned byte_at(const struct input *input, size_t at) {
  return at < input->size ? input->at[at] : 0;
}

static CK_SESSION_HANDLE session_of(const struct input *input) {
  return byte_at(input, 0) % 14;
}

static void find(const struct input *input, bool by_class_alone) {
  CK_OBJECT_CLASS classes[] = {CKO_DATA, CKO_CERTIFICATE, CKO_PRIVATE_KEY, CKO_PUBLIC_KEY, CKO_SECRET_KEY, CKO_OTP_KEY};
  CK_BBOOL yes[2] = {CK_TRUE, CK_FALSE};
  const size_t text_size = input->size > 3 ? input->size - 3 : 0;
  CK_ATTRIBUTE template[] = {
      {CKA_CLASS, &classes[byte_at(input, 1) % COUNT(classes)], sizeof classes[0]},
      {byte_at(input, 2) % 2 == 0 ? CKA_LABEL : CKA_OBJECT_ID, text_size == 0 ? NULL : (void *)(input->at + 3), text_size},
      {CKA_TOKEN, yes, byte_at(input, 2) % 3},
  };
  C_FindObjectsInit(session_of(input), template, by_class_alone ? 1 : byte_at(input, 2) % 4);
}

static void find_more(const struct input *input) {
  CK_OBJECT_HANDLE found[64];
  CK_ULONG count = 0;
  C_FindObjects(session_of(input), found, byte_at(input, 1) % 65, &count);
}

static void read_attributes(const struct input *input) {
  static const CK_ATTRIBUTE_TYPE types[] = {CKA_CLASS, CKA_VALUE,  CKA_LABEL,     CKA_ID,       CKA_OBJECT_ID, CKA_EC_POINT, CKA_EC_PARAMS, CKA_MODULUS,
                                            CKA_TRUSTED, CKA_SUBJECT, CKA_SERIAL_NUMBER, CKA_APPLICATION};
  unsigned char values[COUNT(types)][512];
  CK_ATTRIBUTE template[COUNT(types)];
  const unsigned count = 1 + byte_at(input, 2) % COUNT(types);
  for (unsigned i = 0; i < count; i++) {
    template[i] = (CK_ATTRIBUTE){types[(byte_at(input, 3) + i) % COUNT(types)], byte_at(input, 4) % 3 == 0 ? NULL : values[i], sizeof values[i]};
  }
  C_GetAttributeValue(session_of(input), byte_at(input, 1), template, count);
}

static void begin_operation(unsigned op, const struct input *input) {
  static const CK_MECHANISM_TYPE types[] = {CKM_ECDSA, 0x1044, 0x1045, 0x1046, CKM_RSA_PKCS, CKM_SHA256_RSA_PKCS, CKM_SHA256_RSA_PKCS_PSS, CKM_SHA1_RSA_PKCS, CKM_SHA384, CKM_MD5, CKM_AES_CBC};
  CK_MECHANISM mechanism = {types[byte_at(input, 1) % COUNT(types)], NULL, 0};
  if (op == OP_SIGN_BEGIN) C_SignInit(session_of(input), &mechanism, byte_at(input, 2));
  else C_DigestInit(session_of(input), &mechanism);
}

static void continue_operation(unsigned op, const struct input *input) {
  unsigned char out[512];
  CK_ULONG size = byte_at(input, 1) * 2;
  CK_BYTE_PTR to = byte_at(input, 1) == 0 ? NULL : out;
  const size_t skip = input->size < 2 ? input->size : 2;
  CK_BYTE_PTR data = (CK_BYTE_PTR)input->at + skip;
  const CK_ULONG data_size = input->size - skip;
  const CK_SESSION_HANDLE session = session_of(input);
  if (op == OP_SIGN) C_Sign(session, data, data_size, to, &size);
  if (op == OP_SIGN_UPDATE) C_SignUpdate(session, data, data_size);
  if (op == OP_SIGN_END) C_SignFinal(session, to, &size);
  if (op == OP_DIGEST) C_Digest(session, data, data_size, to, &size);
  if (op == OP_DIGEST_UPDATE) C_DigestUpdate(session, data, data_size);
  if (op == OP_DIGEST_END) C_DigestFinal(session, to, &size);
}

static void login(const struct input *input) {
  const size_t skip = input->size < 1 ? input->size : 1;
  C_Login(session_of(input), CKU_USER, input->size <= 1 ? NULL : (CK_UTF8CHAR_PTR)input->at + skip, input->size - skip);
}

static void ask_slots(unsigned op, const struct input *input) {
  CK_SLOT_ID list[4];
  CK_MECHANISM_TYPE mechanisms[32];
  CK_SLOT_INFO slot;
  CK_TOKEN_INFO token;
  CK_MECHANISM_INFO about;
  CK_ULONG count = byte_at(input, 1) % 5;
  const CK_SLOT_ID id = byte_at(input, 0) % 12;
  if (op == OP_SLOT_LIST) C_GetSlotList(byte_at(input, 0) % 2 == 0, byte_at(input, 1) % 2 == 0 ? NULL : list, &count);
  if (op == OP_SLOT_INFO) C_GetSlotInfo(id, &slot);
  if (op == OP_TOKEN_INFO) C_GetTokenInfo(id, &token);
  if (op != OP_MECHANISMS) return;
  count = byte_at(input, 1) % 33;
  C_GetMechanismList(id, mechanisms, &count);
  C_GetMechanismInfo(id, CKM_ECDSA, &about);
}

static void call(unsigned op, const struct input *input) {
  CK_SESSION_HANDLE opened = 0;
  CK_SESSION_INFO about;
  char pins[2][8] = {"1234", "4321"};
  if (op <= OP_MECHANISMS) ask_slots(op, input);
  else if (op >= OP_SIGN && op != OP_DIGEST_BEGIN && op < OP_AGAIN) continue_operation(op, input);
  else switch (op) {
    case OP_OPEN: C_OpenSession(byte_at(input, 0) % 3, CKF_SERIAL_SESSION | (byte_at(input, 1) % 2) * CKF_RW_SESSION, NULL, NULL, &opened); break;
    case OP_CLOSE: C_CloseSession(session_of(input)); break;
    case OP_CLOSE_ALL: C_CloseAllSessions(byte_at(input, 0) % 12); break;
    case OP_SESSION_INFO: C_GetSessionInfo(session_of(input), &about); break;
    case OP_LOGIN: login(input); break;
    case OP_LOGOUT: C_Logout(session_of(input)); break;
    case OP_SET_PIN: C_SetPIN(session_of(input), (CK_UTF8CHAR_PTR)pins[0], 4, (CK_UTF8CHAR_PTR)pins[1], byte_at(input, 1) % 7); break;
    case OP_FIND: find(input, false); break;
    case OP_FIND_BY_CLASS: find(input, true); break;
    case OP_FIND_MORE: find_more(input); break;
    case OP_FIND_END: C_FindObjectsFinal(session_of(input)); break;
    case OP_ATTRIBUTES: read_attributes(input); break;
    case OP_SIGN_BEGIN:
    case OP_DIGEST_BEGIN: begin_operation(op, input); break;
    default:
      C_Finalize(NULL);
      C_Initialize(NULL);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  CK_ULONG count = 0;
  begin_world();
  C_Initialize(NULL);
  C_GetSlotList(CK_FALSE, NULL, &count);
  for (unsigned records = 0; size >= 3 && records < 200; records++) {
    const unsigned op = data[0] % OP_COUNT;
    const size_t length = data[1] | (size_t)data[2] << 8;
    struct input input = {data + 3, length < size - 3 ? length : size - 3};
    if (op < OP_SLOT_LIST) write_world(op, &input);
    else call(op, &input);
    data += 3 + input.size;
    size -= 3 + input.size;
  }
  C_Finalize(NULL);
  return 0;
}

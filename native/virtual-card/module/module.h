/*
 * A PKCS#11 2.40 module that behaves as libbeidpkcs11 of the Belgian eID middleware does, for cards that are files.
 * Demo and tests only. What the real one does comes from Fedict/eid-mw (cardcomm/pkcs11/src, "P:" below; its
 * cardlayer, "CL:") and from measurements of the real library; the README lists what is not simulated.
 */
#ifndef LOKET_VIRTUAL_CARD_MODULE_H
#define LOKET_VIRTUAL_CARD_MODULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Only the C_ functions leave the library: it is compiled with -fvisibility=hidden. */
#pragma GCC visibility push(default)
#include <pkcs11.h>
#pragma GCC visibility pop

/* P:beid_p11.h MAX_SLOTS. */
#define SLOTS_MAX 10
#define NAME_MAX_SIZE 65
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define FILE_MAX_SIZE 65536
#define PIN_TRIES 3

struct bytes {
  unsigned char *at;
  size_t size;
};

/* ---- the world: the control folder ---- */

struct world_reader {
  char card[NAME_MAX_SIZE]; /* empty: no card in it */
  unsigned long insertion;   /* grows with each insertion, so that a quick pull-and-put is another card */
  unsigned long revision;    /* grows with each change of this reader's card: what `moved` says holds for one revision */
};

/* `none`: built without the middleware's own PIN dialogs. Distributions ship it with them. */
enum dialogs { DIALOGS_NONE, DIALOGS_UNANSWERED, DIALOGS_ANSWERED };

struct world {
  unsigned readers;
  struct world_reader reader[SLOTS_MAX];
  bool journal;           /* a line in the file `journal` for each call and each file read */
  enum dialogs dialogs;
  bool pinpad;         /* the readers have keys of their own */
  bool mute_error;     /* a mute card is CKR_DEVICE_ERROR, as in releases before CardConnect swallowed it */
  long connect_us;     /* connecting to an eID */
  long foreign_us;     /* each look at a card that is no eID */
  long latency_us;     /* each command to the card */
  long file_end_us;    /* the end of each file */
  long v18_end_us;     /* and on applet 1.8 so much more (CL:card.cpp:122, a work-around for V1 cards that matches 1.8) */
  long folder_us;      /* a change between DF00 and DF01 */
  long ghost_us;       /* how long a card pulled in mid-read still counts as present */
  long pinpad_us;      /* how long a pinpad waits for its keys */
  long dialog_us;      /* after how long a dialog that nobody answers is cancelled */
  long power_down_us;  /* how long a card that nobody is connected to stays powered, and its PIN verified */
  char cards[1024];
};

void world_read(struct world *world);
/* Puts another card in, or none (`-`), as a fault wants it. */
void world_move(unsigned reader, const char *card);
/* A path below the control folder; false without one. */
bool world_path(char *out, size_t size, const char *folder, const char *name);
bool path_join(char *out, size_t size, const char *folder, const char *name);
/* The whole file, a text with a NUL behind it; false when it is missing, too long, or no regular file. */
bool file_read(const char *path, size_t max, bool is_text, struct bytes *out);
/* Lines of `key value`; a value runs to the end of its line. */
void each_line(char *text, void (*line)(void *, char *, const char *), void *context);
/* A persona's name becomes a folder's name: a letter, then letters, digits and hyphens. `-` alone is no card. */
bool is_name(const char *text);
void copy_text(char *out, size_t size, const char *text);
void nap(long microseconds);
/* What happened, in the order in which it happened; nothing unless the state asks for it. */
void journal(const char *what, const char *name, const char *detail);

/* ---- faults on command ---- */

/* What this call is to do. Hangs inside, and does not come back from a crash. */
enum call_fault { CALL_WORKS, CALL_FAILS };
enum call_fault fault_begin(void);
/* A card that is to leave or change during this call does so now. */
void fault_move(void);

/* ---- what this process holds ---- */

struct holdings {
  unsigned long sessions, searches, handles, calls;
};

void holdings_publish(const struct holdings *holdings);

/* ---- a card ---- */

enum card_kind { KIND_EID, KIND_FOREIGN, KIND_MUTE };

enum card_file {
  FILE_IDENTITY,
  FILE_IDENTITY_SIGN,
  FILE_ADDRESS,
  FILE_ADDRESS_SIGN,
  FILE_PHOTO,
  FILE_RN_CERT,
  FILE_BASIC_KEY,
  FILE_TOKEN_INFO,
  FILE_CARD_DATA,
  FILE_ATR,
  FILE_AUTH_CERT,
  FILE_SIGN_CERT,
  FILE_CA_CERT,
  FILE_ROOT_CERT,
  FILE_AUTH_KEY,
  FILE_SIGN_KEY,
  FILE_CARD_KEY,
  FILE_COUNT
};

struct card {
  char name[NAME_MAX_SIZE];
  unsigned reader;
  unsigned long insertion;
  enum card_kind kind;
  unsigned char applet; /* 0x17 or 0x18 */
  bool worn;            /* recognised, but every file read fails */
  int tries;            /* of a fresh card */
  char pin[13];
  struct bytes files[FILE_COUNT];
};

/* Fills `card` from its folder; a card whose folder cannot be read is a mute one. */
void card_load(struct card *card, const struct world *world, unsigned reader);
void card_free(struct card *card);
bool card_is_in(const struct card *card);
const char *card_file_name(enum card_file file);
/* Sleeps in small slices; false as soon as the card is gone or another one. */
bool card_wait(const struct card *card, long microseconds);

/* ---- the PIN's state ---- */

/* It is the card's, kept in the control folder: other processes see it, it survives this one. */
enum pin_result { PIN_RIGHT, PIN_WRONG, PIN_BLOCKED, PIN_UNKNOWN };
enum pin_result pin_verify(const struct card *card, const char *pin);
/* Typed where no program sees it: on the pinpad, in the dialog. */
enum pin_result pin_type(const struct card *card, bool is_right);
enum pin_result pin_change(const struct card *card, const char *from, const char *to);
void pin_log_off(const struct card *card);
bool pin_is_verified(const struct card *card);
int pin_tries(const struct card *card);

/* A connection keeps the card powered. Returns what to give to power_off; a card that was off has forgotten its PIN. */
int power_on(const struct card *card);
/* This process is still there: called wherever it may be ended. */
void power_touch(int power);
void power_off(int power);
/* power_touch for every connected slot. */
void slots_touch_power(void);

/* ---- objects ---- */

struct attribute {
  CK_ATTRIBUTE_TYPE type;
  unsigned char *value;
  CK_ULONG size;
};

#define ATTRIBUTES_MAX 24

struct object {
  bool hidden; /* record_* objects: only found by their label */
  bool read;   /* certificates and keys are read at the first question about them */
  size_t count;
  struct attribute attributes[ATTRIBUTES_MAX];
};

/* P:beid_p11.h CACHED_DATA_TYPE_*: which files have become objects. */
#define CACHED_CARDDATA 0x001u
#define CACHED_ID 0x002u
#define CACHED_ADDRESS 0x004u
#define CACHED_PHOTO 0x008u
#define CACHED_RNCERT 0x010u
#define CACHED_SIGN_DATA 0x020u
#define CACHED_SIGN_ADDRESS 0x040u
#define CACHED_BASIC_KEY 0x080u
#define CACHED_TOKENINFO 0x100u
#define CACHED_ALL 0x1FFu
#define CACHED_CDF 0x200u
#define CACHED_RECORD 0x400u

/* Which folder of the card is selected; its files stand in two. */
enum card_folder { FOLDER_NONE, FOLDER_DF00, FOLDER_DF01 };

struct slot {
  unsigned number;
  /* The card layer's half: survives a change of the reader list (CL:reader.cpp). */
  bool connected;
  int power;
  struct card card;
  enum card_folder folder;
  int64_t ghost_until_us;
  int tries_at_connect;
  /* The slot table's half: wiped when the reader list changes (P:cal.cpp cal_refresh_readers). */
  struct object *objects;
  size_t object_count;
  unsigned cached;
  unsigned sessions;
  unsigned connections;
  bool logged_in;
};

enum presence { CARD_ABSENT, CARD_SAME, CARD_NEW };

int64_t now_us(void);
/* P:cal.cpp cal_update_token: looks whether the card is still the same one, connects to a new one. */
CK_RV slot_update(struct slot *slot, enum presence *presence);
void slot_disconnect(struct slot *slot);
void slot_forget_objects(struct slot *slot);
void slot_wipe_table(struct slot *slot);
/* C_Finalize gives the handles back that foreign cards leaked. */
void slots_release_handles(void);
unsigned slots_leaked_handles(void);
/* The library asks for the PIN itself: on the pinpad, else in its dialog, else not at all. Answers with a CK_RV. */
CK_RV ask_pin(struct slot *slot);
CK_RV pin_answer(enum pin_result result);
/* In session.c: every session of this slot gives CKR_DEVICE_REMOVED from now on, for ever. */
void sessions_invalidate(unsigned slot_number);

CK_RV objects_add_pki(struct slot *slot);
CK_RV objects_add_data(struct slot *slot, unsigned files);
CK_RV objects_add_record(struct slot *slot, const unsigned char *label, size_t size);
CK_RV object_read(struct slot *slot, struct object *object);
struct object *object_get(struct slot *slot, CK_OBJECT_HANDLE handle);
const struct attribute *attribute_get(const struct object *object, CK_ATTRIBUTE_TYPE type);
bool object_set(struct object *object, CK_ATTRIBUTE_TYPE type, const void *value, size_t size);
bool object_set_number(struct object *object, CK_ATTRIBUTE_TYPE type, CK_ULONG value);
bool object_set_flag(struct object *object, CK_ATTRIBUTE_TYPE type, CK_BBOOL value);
bool object_set_bytes(struct object *object, CK_ATTRIBUTE_TYPE type, const struct bytes *value);
/* Attributes without a value stay in the object with length 0, as the real library's templates have them. */
bool object_declare(struct object *object, const CK_ATTRIBUTE_TYPE *types, size_t count);
struct object *object_add(struct slot *slot);

/* P:beidlabels.h, in its order; tags of P:beid_p11.h. */
struct label {
  unsigned char tag;
  const char *name;
};

struct labels {
  const struct label *at;
  size_t count;
};

extern const struct labels identity_labels, address_labels;
const struct label *label_find(const struct labels *labels, const unsigned char *at, size_t size);
unsigned files_for_object_id(const unsigned char *id, size_t size);
unsigned files_for_label(const unsigned char *label, size_t size);
/* Reads a file of the card as slowly as a card does. NULL: the card left, or does not answer any more. */
const struct bytes *card_read_file(struct slot *slot, enum card_file file);

/* ---- keys and certificates (libcrypto) ---- */

struct certificate_facts {
  size_t size; /* of the DER itself, without the zero bytes after it in the card's file */
  struct bytes subject, issuer, serial, public_key_info, ec_params, ec_point, modulus, exponent;
};

bool certificate_parse(const struct bytes *file, struct certificate_facts *facts);
void certificate_free(struct certificate_facts *facts);
/* Size in bytes, or 0 when the mechanism does not hash. */
size_t digest_size(CK_MECHANISM_TYPE mechanism);
bool digest(CK_MECHANISM_TYPE mechanism, const unsigned char *data, size_t size, unsigned char *out);
/* `data` is what the mechanism signs, not yet hashed. Writes 96 (P-384) or 256 (RSA-2048) bytes. */
CK_RV key_sign(const struct bytes *pkcs8, CK_MECHANISM_TYPE mechanism, const unsigned char *data, size_t size, unsigned char *out,
               size_t out_size);
size_t key_signature_size(const struct card *card);
size_t card_mechanisms(const struct card *card, CK_MECHANISM_TYPE *out, size_t out_size);

#endif

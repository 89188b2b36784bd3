#include "module.h"

#include <stdlib.h>
#include <string.h>

/* P:beidlabels.h, in its order; tags of P:beid_p11.h. */
struct label {
  unsigned char tag;
  const char *name;
};

static const struct label identity_labels[] = {
    {0x01, "card_number"},       {0x02, "chip_number"},
    {0x03, "validity_begin_date"}, {0x04, "validity_end_date"},
    {0x05, "issuing_municipality"}, {0x06, "national_number"},
    {0x07, "surname"},           {0x08, "firstnames"},
    {0x09, "first_letter_of_third_given_name"}, {0x0A, "nationality"},
    {0x0B, "location_of_birth"}, {0x0C, "date_of_birth"},
    {0x0D, "gender"},            {0x0E, "nobility"},
    {0x0F, "document_type"},     {0x10, "special_status"},
    {0x11, "photo_hash"},        {0x12, "duplicata"},
    {0x13, "special_organization"}, {0x14, "member_of_family"},
    {0x15, "date_and_country_of_protection"}, {0x16, "work_permit_mention"},
    {0x17, "employer_vat_1"},    {0x18, "employer_vat_2"},
    {0x19, "regional_file_number"}, {0x1A, "basic_key_hash"},
    {0x1B, "brexit_mention_1"},  {0x1C, "brexit_mention_2"},
    {0x1D, "cardA_mention_1"},   {0x1E, "cardA_mention_2"},
    {0x1F, "cardEU_start_date"},
};

static const struct label address_labels[] = {
    {0x01, "address_street_and_number"},
    {0x02, "address_zip"},
    {0x03, "address_municipality"},
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static bool is_text(const unsigned char *at, size_t size, const char *text) {
  return strlen(text) == size && memcmp(at, text, size) == 0;
}

static const struct label *find_label(const struct label *labels, size_t count, const unsigned char *at, size_t size) {
  for (size_t i = 0; i < count; i++) {
    if (is_text(at, size, labels[i].name)) return &labels[i];
  }
  return NULL;
}

unsigned files_for_object_id(const unsigned char *id, size_t size) {
  static const struct {
    const char *id;
    unsigned files;
  } ids[] = {
      {"id", CACHED_ID},           {"address", CACHED_ADDRESS},
      {"photo", CACHED_PHOTO},     {"carddata", CACHED_CARDDATA},
      {"rncert", CACHED_RNCERT},   {"sign_data_file", CACHED_SIGN_DATA},
      {"sign_address_file", CACHED_SIGN_ADDRESS}, {"basic_key_file", CACHED_BASIC_KEY},
      {"tokeninfo", CACHED_TOKENINFO},
  };
  for (size_t i = 0; i < COUNT(ids); i++) {
    if (is_text(id, size, ids[i].id)) return ids[i].files;
  }
  return CACHED_ALL;
}

/* P:object.c SetParseFlagByLabel: DATA_FILE, ADDRESS_FILE, CARD_DATA, carddata_pin_counter, tokeninfo_* and unknown
   labels are not in its lists and make it read the whole card. */
unsigned files_for_label(const unsigned char *label, size_t size) {
  static const struct {
    const char *label;
    unsigned files;
  } labels[] = {
      {"PHOTO_FILE", CACHED_PHOTO},
      {"CERT_RN_FILE", CACHED_RNCERT},
      {"SIGN_DATA_FILE", CACHED_SIGN_DATA},
      {"SIGN_ADDRESS_FILE", CACHED_SIGN_ADDRESS},
      {"BASIC_KEY_FILE", CACHED_BASIC_KEY},
      {"perso_versions", CACHED_TOKENINFO},
      {"ATR", CACHED_CARDDATA},
      {"carddata_serialnumber", CACHED_CARDDATA},
      {"carddata_comp_code", CACHED_CARDDATA},
      {"carddata_os_number", CACHED_CARDDATA},
      {"carddata_os_version", CACHED_CARDDATA},
      {"carddata_soft_mask_number", CACHED_CARDDATA},
      {"carddata_soft_mask_version", CACHED_CARDDATA},
      {"carddata_appl_version", CACHED_CARDDATA},
      {"carddata_glob_os_version", CACHED_CARDDATA},
      {"carddata_appl_int_version", CACHED_CARDDATA},
      {"carddata_pkcs1_support", CACHED_CARDDATA},
      {"carddata_key_exchange_version", CACHED_CARDDATA},
      {"carddata_appl_lifecycle", CACHED_CARDDATA},
      {"carddata_signature", CACHED_CARDDATA},
  };
  if (find_label(identity_labels, COUNT(identity_labels), label, size) != NULL) return CACHED_ID;
  if (find_label(address_labels, COUNT(address_labels), label, size) != NULL) return CACHED_ADDRESS;
  for (size_t i = 0; i < COUNT(labels); i++) {
    if (is_text(label, size, labels[i].label)) return labels[i].files;
  }
  if (size >= 7 && memcmp(label, "record_", 7) == 0) return CACHED_RECORD;
  return CACHED_ALL;
}

/* ---- attributes ---- */

const struct attribute *attribute_get(const struct object *object, CK_ATTRIBUTE_TYPE type) {
  for (size_t i = 0; i < object->count; i++) {
    if (object->attributes[i].type == type) return &object->attributes[i];
  }
  return NULL;
}

/* An attribute without a value stays in the object with length 0, as the real library's templates have it. */
bool object_set(struct object *object, CK_ATTRIBUTE_TYPE type, const void *value, size_t size) {
  struct attribute *attribute = NULL;
  for (size_t i = 0; i < object->count; i++) {
    if (object->attributes[i].type == type) attribute = &object->attributes[i];
  }
  if (attribute == NULL) {
    if (object->count == ATTRIBUTES_MAX) return false;
    attribute = &object->attributes[object->count++];
    *attribute = (struct attribute){.type = type};
  }
  unsigned char *copy = NULL;
  if (size > 0) {
    copy = malloc(size);
    if (copy == NULL) return false;
    memcpy(copy, value, size);
  }
  free(attribute->value);
  attribute->value = copy;
  attribute->size = size;
  return true;
}

static bool set_number(struct object *object, CK_ATTRIBUTE_TYPE type, CK_ULONG value) {
  return object_set(object, type, &value, sizeof value);
}

static bool set_flag(struct object *object, CK_ATTRIBUTE_TYPE type, CK_BBOOL value) {
  return object_set(object, type, &value, sizeof value);
}

static bool set_bytes(struct object *object, CK_ATTRIBUTE_TYPE type, const struct bytes *value) {
  return object_set(object, type, value->at, value->size);
}

static bool declare(struct object *object, const CK_ATTRIBUTE_TYPE *types, size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (!object_set(object, types[i], NULL, 0)) return false;
  }
  return true;
}

static struct object *object_add(struct slot *slot) {
  struct object *grown = realloc(slot->objects, (slot->object_count + 1) * sizeof *grown);
  if (grown == NULL) return NULL;
  slot->objects = grown;
  struct object *object = &grown[slot->object_count++];
  memset(object, 0, sizeof *object);
  return object;
}

struct object *object_get(struct slot *slot, CK_OBJECT_HANDLE handle) {
  return handle < 1 || handle > slot->object_count ? NULL : &slot->objects[handle - 1];
}

/* ---- CKO_DATA ---- */

static CK_RV data_add(struct slot *slot, const char *object_id, const unsigned char *label, size_t label_size, const unsigned char *value,
                      size_t size, bool hidden) {
  struct object *object = object_add(slot);
  if (object == NULL) return CKR_HOST_MEMORY;
  object->hidden = hidden;
  object->read = true;
  /* No CKA_APPLICATION, and CKA_MODIFIABLE never gets a value (P:cal.h BEID_TEMPLATE_ID_DATA). */
  const bool done = set_number(object, CKA_CLASS, CKO_DATA) && set_flag(object, CKA_TOKEN, CK_TRUE) &&
                    set_flag(object, CKA_PRIVATE, CK_FALSE) && object_set(object, CKA_VALUE, value, size) &&
                    set_number(object, CKA_VALUE_LEN, size) && object_set(object, CKA_LABEL, label, label_size) &&
                    object_set(object, CKA_MODIFIABLE, NULL, 0) && object_set(object, CKA_OBJECT_ID, object_id, strlen(object_id));
  return done ? CKR_OK : CKR_HOST_MEMORY;
}

static CK_RV data_add_text(struct slot *slot, const char *object_id, const char *label, const unsigned char *value, size_t size) {
  return data_add(slot, object_id, (const unsigned char *)label, strlen(label), value, size, false);
}

/* The last value with this tag; a truncated field ends the file silently (CL tlvbuffer). */
static bool tlv_find(const struct bytes *file, unsigned char wanted, const unsigned char **value, size_t *size) {
  bool found = false;
  size_t at = 0;
  while (at + 2 <= file->size) {
    const size_t start = at;
    const unsigned char tag = file->at[at++];
    size_t length = 0;
    while (at < file->size && file->at[at] == 0xFF) {
      length += 0xFF;
      at++;
    }
    if (at >= file->size) break;
    length += file->at[at++];
    if (length > file->size - at) break;
    /* Tag 0 comes first (the file's version); anywhere else it is padding. */
    if (tag == 0 && start > 0) break;
    if (tag == wanted) {
      *value = file->at + at;
      *size = length;
      found = true;
    }
    at += length;
  }
  return found;
}

static CK_RV fields_add(struct slot *slot, const char *object_id, const struct bytes *file, const struct label *labels, size_t count) {
  for (size_t i = 0; i < count; i++) {
    const unsigned char *value = NULL;
    size_t size = 0;
    if (!tlv_find(file, labels[i].tag, &value, &size)) continue;
    const CK_RV rv = data_add_text(slot, object_id, labels[i].name, value, size);
    if (rv != CKR_OK) return rv;
  }
  return CKR_OK;
}

/* What the real library needs for a file: SELECT, blocks of 252 bytes, and one more that hits the end. */
#define BLOCK 252

const struct bytes *card_read_file(struct slot *slot, enum card_file file) {
  struct world world;
  world_read(&world);
  const struct bytes *content = &slot->card.files[file];
  journal("read", card_file_name(file));
  const long commands = 2 + (long)(content->size / BLOCK);
  if (!slot->connected || !card_wait(&slot->card, commands * world.latency_us + world.file_end_us)) {
    /* Pulled in mid-read: CKR_DEVICE_ERROR now, and the card counts as present a little longer. */
    if (slot->connected && slot->ghost_until_us == 0) slot->ghost_until_us = now_us() + world.ghost_us;
    return NULL;
  }
  return slot->card.worn || content->at == NULL ? NULL : content;
}

static CK_RV file_add(struct slot *slot, enum card_file number, const char *object_id, const char *label, const struct bytes **file) {
  *file = card_read_file(slot, number);
  return *file == NULL ? CKR_DEVICE_ERROR : data_add_text(slot, object_id, label, (*file)->at, (*file)->size);
}

static CK_RV add_card_data(struct slot *slot) {
  static const struct {
    const char *label;
    unsigned char at, size;
  } parts[] = {
      {"carddata_serialnumber", 0, 16},      {"carddata_comp_code", 16, 1},
      {"carddata_os_number", 17, 1},         {"carddata_os_version", 18, 1},
      {"carddata_soft_mask_number", 19, 1},  {"carddata_soft_mask_version", 20, 1},
      {"carddata_appl_version", 21, 1},      {"carddata_glob_os_version", 22, 2},
      {"carddata_appl_int_version", 24, 1},  {"carddata_pkcs1_support", 25, 1},
      {"carddata_key_exchange_version", 26, 1}, {"carddata_appl_lifecycle", 27, 1},
      {"carddata_pin_counter", 28, 1},
  };
  const struct bytes *atr = &slot->card.files[FILE_ATR];
  struct bytes *data = &slot->card.files[FILE_CARD_DATA];
  /* 1.8 answers 31 bytes, with the tries left as they were when the card was connected to; 1.7 answers 28. */
  if (data->size > 30) data->at[28] = (unsigned char)slot->tries_at_connect;
  CK_RV rv = data_add_text(slot, "carddata", "ATR", atr->at, atr->size);
  if (rv == CKR_OK) rv = data_add_text(slot, "carddata", "CARD_DATA", data->at, data->size);
  for (size_t i = 0; rv == CKR_OK && i < COUNT(parts); i++) {
    if (parts[i].at == 28 && data->size <= 30) continue;
    if ((size_t)parts[i].at + parts[i].size > data->size) continue;
    rv = data_add_text(slot, "carddata", parts[i].label, data->at + parts[i].at, parts[i].size);
  }
  return rv;
}

static CK_RV add_token_info(struct slot *slot) {
  static const char *const labels[] = {
      "tokeninfo_graph_perso_version",
      "tokeninfo_elec_perso_version",
      "tokeninfo_elec_perso_int_version",
  };
  const struct bytes *file = NULL;
  CK_RV rv = file_add(slot, FILE_TOKEN_INFO, "tokeninfo", "perso_versions", &file);
  for (size_t i = 0; rv == CKR_OK && i < COUNT(labels) && i < file->size; i++) {
    rv = data_add_text(slot, "tokeninfo", labels[i], file->at + i, 1);
  }
  return rv;
}

static CK_RV add_one(struct slot *slot, unsigned file) {
  const struct bytes *content = NULL;
  CK_RV rv = CKR_OK;
  switch (file) {
    case CACHED_CARDDATA:
      return add_card_data(slot);
    case CACHED_ID:
      rv = file_add(slot, FILE_IDENTITY, "id", "DATA_FILE", &content);
      return rv == CKR_OK ? fields_add(slot, "id", content, identity_labels, COUNT(identity_labels)) : rv;
    case CACHED_ADDRESS:
      rv = file_add(slot, FILE_ADDRESS, "address", "ADDRESS_FILE", &content);
      return rv == CKR_OK ? fields_add(slot, "address", content, address_labels, COUNT(address_labels)) : rv;
    case CACHED_PHOTO:
      return file_add(slot, FILE_PHOTO, "photo", "PHOTO_FILE", &content);
    case CACHED_RNCERT:
      return file_add(slot, FILE_RN_CERT, "rncert", "CERT_RN_FILE", &content);
    case CACHED_SIGN_DATA:
      return file_add(slot, FILE_IDENTITY_SIGN, "sign_data_file", "SIGN_DATA_FILE", &content);
    case CACHED_SIGN_ADDRESS:
      return file_add(slot, FILE_ADDRESS_SIGN, "sign_address_file", "SIGN_ADDRESS_FILE", &content);
    case CACHED_BASIC_KEY:
      /* Applet 1.8 and later; older cards give no object. */
      return slot->card.applet < 0x18 ? CKR_OK : file_add(slot, FILE_BASIC_KEY, "basic_key_file", "BASIC_KEY_FILE", &content);
    case CACHED_TOKENINFO:
      return add_token_info(slot);
    default:
      return CKR_OK;
  }
}

CK_RV objects_add_data(struct slot *slot, unsigned files) {
  static const unsigned order[] = {CACHED_ID,        CACHED_ADDRESS,      CACHED_PHOTO,     CACHED_RNCERT,
                                   CACHED_SIGN_DATA, CACHED_SIGN_ADDRESS, CACHED_BASIC_KEY, CACHED_TOKENINFO};
  CK_RV rv = CKR_OK;
  if (files != CACHED_ALL) {
    if ((slot->cached & files) != 0) return CKR_OK;
    rv = add_one(slot, files);
  } else {
    /* An equality test against a mask that lacks the CDF bit (P:object.c:491): once a certificate or key was searched,
       each unfiltered search reads the card again and appends everything but the card data. */
    if (slot->cached == CACHED_ALL) return CKR_OK;
    if ((slot->cached & CACHED_CARDDATA) == 0) rv = add_card_data(slot);
    for (size_t i = 0; rv == CKR_OK && i < COUNT(order); i++) rv = add_one(slot, order[i]);
  }
  if (rv == CKR_OK) slot->cached |= files;
  return rv;
}

/* `record_*`: the field with the card's status word still behind it; a missing field or a 1.7 card is an error. */
CK_RV objects_add_record(struct slot *slot, const unsigned char *label, size_t size) {
  const unsigned char *name = label + 7;
  const size_t name_size = size - 7;
  const struct label *found = find_label(identity_labels, COUNT(identity_labels), name, name_size);
  enum card_file number = FILE_IDENTITY;
  if (found == NULL) {
    found = find_label(address_labels, COUNT(address_labels), name, name_size);
    number = FILE_ADDRESS;
  }
  if (found == NULL) return CKR_OK;
  const struct bytes *file = slot->card.applet < 0x18 ? NULL : card_read_file(slot, number);
  const unsigned char *value = NULL;
  size_t value_size = 0;
  if (file == NULL || !tlv_find(file, found->tag, &value, &value_size)) return CKR_DEVICE_ERROR;
  unsigned char *record = malloc(value_size + 2);
  if (record == NULL) return CKR_HOST_MEMORY;
  memcpy(record, value, value_size);
  record[value_size] = 0x90;
  record[value_size + 1] = 0x00;
  const CK_RV rv = data_add(slot, "record", label, size, record, value_size + 2, true);
  free(record);
  return rv;
}

/* ---- certificates and keys ---- */

static const struct pki {
  CK_ULONG id;
  const char *label;
  enum card_file cert, key;
} certificates[] = {
    {2, "Authentication", FILE_AUTH_CERT, FILE_AUTH_KEY},
    {3, "Signature", FILE_SIGN_CERT, FILE_SIGN_KEY},
    {4, "CA", FILE_CA_CERT, FILE_COUNT},
    {6, "Root", FILE_ROOT_CERT, FILE_COUNT},
};

/* CL:pkcs15.cpp: hard-coded per applet, and listed whether or not the card has a certificate for them. */
static const struct {
  CK_ULONG id;
  const char *label;
  unsigned char applet_min;
} keys[] = {{2, "Authentication", 0x17}, {3, "Signature", 0x17}, {1, "Card", 0x18}};

static bool add_certificate(struct slot *slot, const struct pki *pki) {
  static const CK_ATTRIBUTE_TYPE types[] = {CKA_CLASS,   CKA_ID,      CKA_SUBJECT,       CKA_ISSUER, CKA_TOKEN, CKA_TRUSTED, CKA_CERTIFICATE_TYPE,
                                            CKA_PRIVATE, CKA_SERIAL_NUMBER, CKA_VALUE, CKA_LABEL};
  struct object *object = object_add(slot);
  return object != NULL && declare(object, types, COUNT(types)) && set_flag(object, CKA_TOKEN, CK_TRUE) &&
         set_number(object, CKA_CLASS, CKO_CERTIFICATE) && set_number(object, CKA_ID, pki->id) && set_flag(object, CKA_PRIVATE, CK_FALSE) &&
         set_number(object, CKA_CERTIFICATE_TYPE, CKC_X_509) && object_set(object, CKA_LABEL, pki->label, strlen(pki->label));
}

static bool add_key(struct slot *slot, CK_OBJECT_CLASS class, CK_ULONG id, const char *label, bool rsa) {
  static const CK_ATTRIBUTE_TYPE private_types[] = {CKA_CLASS,     CKA_ID,   CKA_SUBJECT,      CKA_LABEL,   CKA_TOKEN,  CKA_KEY_TYPE,
                                                    CKA_SENSITIVE, CKA_SIGN, CKA_SIGN_RECOVER, CKA_DECRYPT, CKA_UNWRAP, CKA_EXTRACTABLE,
                                                    CKA_PRIVATE,   CKA_DERIVE};
  static const CK_ATTRIBUTE_TYPE public_types[] = {CKA_CLASS,   CKA_ID,      CKA_SUBJECT,   CKA_LABEL,   CKA_TOKEN,  CKA_KEY_TYPE,
                                                   CKA_PRIVATE, CKA_TRUSTED, CKA_SENSITIVE, CKA_ENCRYPT, CKA_VERIFY, CKA_WRAP,
                                                   CKA_DERIVE};
  const bool is_private = class == CKO_PRIVATE_KEY;
  struct object *object = object_add(slot);
  if (object == NULL) return false;
  bool done = is_private ? declare(object, private_types, COUNT(private_types)) : declare(object, public_types, COUNT(public_types));
  if (rsa) {
    const CK_ATTRIBUTE_TYPE types[] = {CKA_MODULUS, CKA_MODULUS_BITS, CKA_PUBLIC_EXPONENT};
    done = done && declare(object, types, COUNT(types)) && set_number(object, CKA_MODULUS_BITS, 2048);
    if (is_private) {
      const CK_ATTRIBUTE_TYPE secrets[] = {CKA_PRIVATE_EXPONENT, CKA_PRIME_1, CKA_PRIME_2, CKA_EXPONENT_1, CKA_EXPONENT_2, CKA_COEFFICIENT};
      done = done && declare(object, secrets, COUNT(secrets));
    } else {
      done = done && object_set(object, CKA_VALUE, NULL, 0);
    }
  } else {
    /* EC_PARAMS and EC_POINT come from the certificate, when there is one: the Card key's stay empty. */
    done = done && object_set(object, CKA_EC_PARAMS, NULL, 0) && (is_private || object_set(object, CKA_EC_POINT, NULL, 0));
  }
  if (is_private) done = done && set_flag(object, CKA_SIGN, CK_TRUE) && set_flag(object, CKA_EXTRACTABLE, CK_FALSE);
  return done && set_flag(object, CKA_TOKEN, CK_TRUE) && set_number(object, CKA_CLASS, class) && set_number(object, CKA_ID, id) &&
         set_flag(object, CKA_PRIVATE, is_private ? CK_TRUE : CK_FALSE) && object_set(object, CKA_LABEL, label, strlen(label)) &&
         set_number(object, CKA_KEY_TYPE, rsa ? CKK_RSA : CKK_EC) && set_flag(object, CKA_DERIVE, CK_FALSE);
}

CK_RV objects_add_pki(struct slot *slot) {
  if ((slot->cached & CACHED_CDF) != 0) return CKR_OK;
  struct world world;
  world_read(&world);
  if (!slot->connected) return CKR_TOKEN_NOT_PRESENT;
  if (!card_wait(&slot->card, 2 * world.latency_us + world.file_end_us)) return CKR_DEVICE_ERROR;
  slot->cached |= CACHED_CDF;
  bool done = true;
  for (size_t i = 0; done && i < COUNT(certificates); i++) {
    if (slot->card.files[certificates[i].cert].at != NULL) done = add_certificate(slot, &certificates[i]);
  }
  const bool known = slot->card.applet == 0x17 || slot->card.applet == 0x18;
  for (size_t i = 0; known && done && i < COUNT(keys); i++) {
    if (slot->card.applet < keys[i].applet_min) continue;
    const bool rsa = slot->card.applet < 0x18;
    done = add_key(slot, CKO_PRIVATE_KEY, keys[i].id, keys[i].label, rsa) && add_key(slot, CKO_PUBLIC_KEY, keys[i].id, keys[i].label, rsa);
  }
  return done ? CKR_OK : CKR_HOST_MEMORY;
}

static bool fill_certificate(struct object *object, const struct bytes *file, const struct certificate_facts *facts) {
  return set_bytes(object, CKA_SUBJECT, &facts->subject) && set_bytes(object, CKA_ISSUER, &facts->issuer) &&
         set_bytes(object, CKA_SERIAL_NUMBER, &facts->serial) && object_set(object, CKA_VALUE, file->at, facts->size) &&
         /* Always true (P:cal.cpp:2027): it says nothing. */
         set_flag(object, CKA_TRUSTED, CK_TRUE);
}

static bool fill_key(struct object *object, bool is_private, bool rsa, const struct certificate_facts *facts) {
  bool done = set_bytes(object, CKA_SUBJECT, &facts->subject) && set_flag(object, CKA_SENSITIVE, CK_TRUE);
  if (is_private) {
    done = done && set_flag(object, CKA_DECRYPT, CK_FALSE) && set_flag(object, CKA_SIGN_RECOVER, CK_FALSE) &&
           set_flag(object, CKA_UNWRAP, CK_FALSE);
  } else {
    done = done && set_flag(object, CKA_VERIFY, CK_TRUE) && set_flag(object, CKA_ENCRYPT, CK_FALSE) &&
           set_flag(object, CKA_WRAP, CK_FALSE) && set_flag(object, CKA_TRUSTED, CK_TRUE);
  }
  if (rsa) {
    done = done && set_bytes(object, CKA_MODULUS, &facts->modulus) && set_bytes(object, CKA_PUBLIC_EXPONENT, &facts->exponent);
    if (!is_private) done = done && set_bytes(object, CKA_VALUE, &facts->public_key_info);
  } else {
    done = done && set_bytes(object, CKA_EC_PARAMS, &facts->ec_params);
    if (!is_private) done = done && set_bytes(object, CKA_EC_POINT, &facts->ec_point);
  }
  return done;
}

/* Any question about a certificate or key reads the whole certificate, and fills all objects of its CKA_ID. */
CK_RV object_read(struct slot *slot, struct object *object) {
  const struct attribute *id = attribute_get(object, CKA_ID);
  if (object->read || id == NULL) return CKR_OK;
  CK_ULONG number = 0;
  memcpy(&number, id->value, sizeof number);
  const struct pki *pki = NULL;
  for (size_t i = 0; i < COUNT(certificates); i++) {
    if (certificates[i].id == number) pki = &certificates[i];
  }
  /* A key without certificate keeps what was known when the list was made. */
  if (pki == NULL || slot->card.files[pki->cert].at == NULL) return CKR_OK;
  const struct bytes *file = card_read_file(slot, pki->cert);
  struct certificate_facts facts;
  if (file == NULL || !certificate_parse(file, &facts)) return CKR_DEVICE_ERROR;
  bool done = true;
  for (size_t i = 0; done && i < slot->object_count; i++) {
    struct object *other = &slot->objects[i];
    const struct attribute *other_id = attribute_get(other, CKA_ID);
    if (other_id == NULL || memcmp(other_id->value, &number, sizeof number) != 0) continue;
    CK_OBJECT_CLASS class = 0;
    memcpy(&class, attribute_get(other, CKA_CLASS)->value, sizeof class);
    done = class == CKO_CERTIFICATE ? fill_certificate(other, file, &facts)
                                    : fill_key(other, class == CKO_PRIVATE_KEY, slot->card.applet < 0x18, &facts);
    other->read = done;
  }
  certificate_free(&facts);
  return done ? CKR_OK : CKR_DEVICE_ERROR;
}

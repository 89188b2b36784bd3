#include "module.h"

#include <stdlib.h>
#include <string.h>

static CK_RV data_add(struct slot *slot, const char *object_id, const unsigned char *label, size_t label_size, const unsigned char *value,
                      size_t size, bool hidden) {
  struct object *object = object_add(slot);
  if (object == NULL) return CKR_HOST_MEMORY;
  object->hidden = hidden;
  object->read = true;
  /* No CKA_APPLICATION, and CKA_MODIFIABLE never gets a value (P:cal.h BEID_TEMPLATE_ID_DATA). */
  const bool done = object_set_number(object, CKA_CLASS, CKO_DATA) && object_set_flag(object, CKA_TOKEN, CK_TRUE) &&
                    object_set_flag(object, CKA_PRIVATE, CK_FALSE) && object_set(object, CKA_VALUE, value, size) &&
                    object_set_number(object, CKA_VALUE_LEN, size) && object_set(object, CKA_LABEL, label, label_size) &&
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

static CK_RV fields_add(struct slot *slot, const char *object_id, const struct bytes *file, const struct labels *labels) {
  for (size_t i = 0; i < labels->count; i++) {
    const unsigned char *value = NULL;
    size_t size = 0;
    if (!tlv_find(file, labels->at[i].tag, &value, &size)) continue;
    const CK_RV rv = data_add_text(slot, object_id, labels->at[i].name, value, size);
    if (rv != CKR_OK) return rv;
  }
  return CKR_OK;
}

/* DOC:content: identity, address, photo, their signatures and the basic key in DF01; TokenInfo, CDF, certificates in DF00. */
static enum card_folder folder_of(enum card_file file) {
  switch (file) {
    case FILE_IDENTITY:
    case FILE_IDENTITY_SIGN:
    case FILE_ADDRESS:
    case FILE_ADDRESS_SIGN:
    case FILE_PHOTO:
    case FILE_BASIC_KEY:
      return FOLDER_DF01;
    default:
      return FOLDER_DF00;
  }
}

/* What the real library needs for a file: SELECT, blocks of 252 bytes, and one more that hits the end. */
#define BLOCK 252

static long reading_us(struct slot *slot, enum card_file file, const struct world *world) {
  const enum card_folder folder = folder_of(file);
  const long commands = 2 + (long)(slot->card.files[file].size / BLOCK);
  const long end = world->file_end_us + (slot->card.applet < 0x18 ? 0 : world->v18_end_us);
  const long change = slot->folder == folder ? 0 : world->folder_us;
  slot->folder = folder;
  return commands * world->latency_us + end + change;
}

const struct bytes *card_read_file(struct slot *slot, enum card_file file) {
  struct world world;
  world_read(&world);
  const struct bytes *content = &slot->card.files[file];
  journal("read", card_file_name(file), "");
  if (!slot->connected || !card_wait(&slot->card, reading_us(slot, file, &world))) {
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
      return rv == CKR_OK ? fields_add(slot, "id", content, &identity_labels) : rv;
    case CACHED_ADDRESS:
      rv = file_add(slot, FILE_ADDRESS, "address", "ADDRESS_FILE", &content);
      return rv == CKR_OK ? fields_add(slot, "address", content, &address_labels) : rv;
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
  const struct label *found = label_find(&identity_labels, name, name_size);
  enum card_file number = FILE_IDENTITY;
  if (found == NULL) {
    found = label_find(&address_labels, name, name_size);
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

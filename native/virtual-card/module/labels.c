#include "module.h"

#include <string.h>

static const struct label identity_table[] = {
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

static const struct label address_table[] = {
    {0x01, "address_street_and_number"},
    {0x02, "address_zip"},
    {0x03, "address_municipality"},
};

const struct labels identity_labels = {identity_table, COUNT(identity_table)};
const struct labels address_labels = {address_table, COUNT(address_table)};

static bool is_text(const unsigned char *at, size_t size, const char *text) {
  return strlen(text) == size && memcmp(at, text, size) == 0;
}

const struct label *label_find(const struct labels *labels, const unsigned char *at, size_t size) {
  for (size_t i = 0; i < labels->count; i++) {
    if (is_text(at, size, labels->at[i].name)) return &labels->at[i];
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
  if (label_find(&identity_labels, label, size) != NULL) return CACHED_ID;
  if (label_find(&address_labels, label, size) != NULL) return CACHED_ADDRESS;
  for (size_t i = 0; i < COUNT(labels); i++) {
    if (is_text(label, size, labels[i].label)) return labels[i].files;
  }
  if (size >= 7 && memcmp(label, "record_", 7) == 0) return CACHED_RECORD;
  return CACHED_ALL;
}

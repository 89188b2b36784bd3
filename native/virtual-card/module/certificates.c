#include "module.h"

#include <string.h>

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
  return object != NULL && object_declare(object, types, COUNT(types)) && object_set_flag(object, CKA_TOKEN, CK_TRUE) &&
         object_set_number(object, CKA_CLASS, CKO_CERTIFICATE) && object_set_number(object, CKA_ID, pki->id) && object_set_flag(object, CKA_PRIVATE, CK_FALSE) &&
         object_set_number(object, CKA_CERTIFICATE_TYPE, CKC_X_509) && object_set(object, CKA_LABEL, pki->label, strlen(pki->label));
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
  bool done = is_private ? object_declare(object, private_types, COUNT(private_types)) : object_declare(object, public_types, COUNT(public_types));
  if (rsa) {
    const CK_ATTRIBUTE_TYPE types[] = {CKA_MODULUS, CKA_MODULUS_BITS, CKA_PUBLIC_EXPONENT};
    done = done && object_declare(object, types, COUNT(types)) && object_set_number(object, CKA_MODULUS_BITS, 2048);
    if (is_private) {
      const CK_ATTRIBUTE_TYPE secrets[] = {CKA_PRIVATE_EXPONENT, CKA_PRIME_1, CKA_PRIME_2, CKA_EXPONENT_1, CKA_EXPONENT_2, CKA_COEFFICIENT};
      done = done && object_declare(object, secrets, COUNT(secrets));
    } else {
      done = done && object_set(object, CKA_VALUE, NULL, 0);
    }
  } else {
    /* EC_PARAMS and EC_POINT come from the certificate, when there is one: the Card key's stay empty. */
    done = done && object_set(object, CKA_EC_PARAMS, NULL, 0) && (is_private || object_set(object, CKA_EC_POINT, NULL, 0));
  }
  if (is_private) done = done && object_set_flag(object, CKA_SIGN, CK_TRUE) && object_set_flag(object, CKA_EXTRACTABLE, CK_FALSE);
  return done && object_set_flag(object, CKA_TOKEN, CK_TRUE) && object_set_number(object, CKA_CLASS, class) && object_set_number(object, CKA_ID, id) &&
         object_set_flag(object, CKA_PRIVATE, is_private ? CK_TRUE : CK_FALSE) && object_set(object, CKA_LABEL, label, strlen(label)) &&
         object_set_number(object, CKA_KEY_TYPE, rsa ? CKK_RSA : CKK_EC) && object_set_flag(object, CKA_DERIVE, CK_FALSE);
}

CK_RV objects_add_pki(struct slot *slot) {
  if ((slot->cached & CACHED_CDF) != 0) return CKR_OK;
  struct world world;
  world_read(&world);
  if (!slot->connected) return CKR_TOKEN_NOT_PRESENT;
  /* EF(CDF), one block. */
  const long end = world.file_end_us + (slot->card.applet < 0x18 ? 0 : world.v18_end_us);
  const long change = slot->folder == FOLDER_DF00 ? 0 : world.folder_us;
  slot->folder = FOLDER_DF00;
  if (!card_wait(&slot->card, 2 * world.latency_us + end + change)) return CKR_DEVICE_ERROR;
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
  return object_set_bytes(object, CKA_SUBJECT, &facts->subject) && object_set_bytes(object, CKA_ISSUER, &facts->issuer) &&
         object_set_bytes(object, CKA_SERIAL_NUMBER, &facts->serial) && object_set(object, CKA_VALUE, file->at, facts->size) &&
         /* Always true (P:cal.cpp:2027): it says nothing. */
         object_set_flag(object, CKA_TRUSTED, CK_TRUE);
}

static bool fill_key(struct object *object, bool is_private, bool rsa, const struct certificate_facts *facts) {
  bool done = object_set_bytes(object, CKA_SUBJECT, &facts->subject) && object_set_flag(object, CKA_SENSITIVE, CK_TRUE);
  if (is_private) {
    done = done && object_set_flag(object, CKA_DECRYPT, CK_FALSE) && object_set_flag(object, CKA_SIGN_RECOVER, CK_FALSE) &&
           object_set_flag(object, CKA_UNWRAP, CK_FALSE);
  } else {
    done = done && object_set_flag(object, CKA_VERIFY, CK_TRUE) && object_set_flag(object, CKA_ENCRYPT, CK_FALSE) &&
           object_set_flag(object, CKA_WRAP, CK_FALSE) && object_set_flag(object, CKA_TRUSTED, CK_TRUE);
  }
  if (rsa) {
    done = done && object_set_bytes(object, CKA_MODULUS, &facts->modulus) && object_set_bytes(object, CKA_PUBLIC_EXPONENT, &facts->exponent);
    if (!is_private) done = done && object_set_bytes(object, CKA_VALUE, &facts->public_key_info);
  } else {
    done = done && object_set_bytes(object, CKA_EC_PARAMS, &facts->ec_params);
    if (!is_private) done = done && object_set_bytes(object, CKA_EC_POINT, &facts->ec_point);
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

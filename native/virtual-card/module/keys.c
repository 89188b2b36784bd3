#include "module.h"

#include <limits.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>

static const struct {
  CK_MECHANISM_TYPE mechanism;
  const char *digest;
  bool pss;
  unsigned char applet; /* 0: a digest of the library itself */
} mechanisms[] = {
    {CKM_MD5, "MD5", false, 0},
    {CKM_SHA_1, "SHA1", false, 0},
    {CKM_SHA256, "SHA256", false, 0},
    {CKM_SHA384, "SHA384", false, 0},
    {CKM_SHA512, "SHA512", false, 0},
    {CKM_RIPEMD160, "RIPEMD160", false, 0},
    {CKM_RSA_PKCS, NULL, false, 0x17},
    {CKM_MD5_RSA_PKCS, "MD5", false, 0x17},
    {CKM_SHA1_RSA_PKCS, "SHA1", false, 0x17},
    {CKM_SHA256_RSA_PKCS, "SHA256", false, 0x17},
    {CKM_SHA384_RSA_PKCS, "SHA384", false, 0x17},
    {CKM_SHA512_RSA_PKCS, "SHA512", false, 0x17},
    {CKM_RIPEMD160_RSA_PKCS, "RIPEMD160", false, 0x17},
    {CKM_SHA1_RSA_PKCS_PSS, "SHA1", true, 0x17},
    {CKM_SHA256_RSA_PKCS_PSS, "SHA256", true, 0x17},
    {CKM_ECDSA_SHA256, "SHA256", false, 0x18},
    {CKM_ECDSA_SHA384, "SHA384", false, 0x18},
    {CKM_ECDSA_SHA512, "SHA512", false, 0x18},
    {CKM_ECDSA, NULL, false, 0x18},
};

size_t card_mechanisms(const struct card *card, CK_MECHANISM_TYPE *out, size_t out_size) {
  size_t count = 0;
  for (size_t i = 0; i < COUNT(mechanisms); i++) {
    if (mechanisms[i].applet != 0 && mechanisms[i].applet != card->applet) continue;
    if (count < out_size) out[count] = mechanisms[i].mechanism;
    count++;
  }
  return count;
}

size_t key_signature_size(const struct card *card) {
  return card->applet < 0x18 ? 256 : 96;
}

static const EVP_MD *find_digest(CK_MECHANISM_TYPE mechanism) {
  for (size_t i = 0; i < COUNT(mechanisms); i++) {
    if (mechanisms[i].mechanism == mechanism && mechanisms[i].digest != NULL) return EVP_get_digestbyname(mechanisms[i].digest);
  }
  return NULL;
}

static bool is_pss(CK_MECHANISM_TYPE mechanism) {
  return mechanism == CKM_SHA1_RSA_PKCS_PSS || mechanism == CKM_SHA256_RSA_PKCS_PSS;
}

size_t digest_size(CK_MECHANISM_TYPE mechanism) {
  const EVP_MD *md = find_digest(mechanism);
  return md == NULL ? 0 : (size_t)EVP_MD_get_size(md);
}

bool digest(CK_MECHANISM_TYPE mechanism, const unsigned char *data, size_t size, unsigned char *out) {
  const EVP_MD *md = find_digest(mechanism);
  return md != NULL && EVP_Digest(data, size, out, NULL, md, NULL) == 1;
}

/* r || s, each as long as half of `out`, from the DER that libcrypto makes. */
static bool plain_signature(const unsigned char *der, size_t size, unsigned char *out, size_t out_size) {
  ECDSA_SIG *signature = d2i_ECDSA_SIG(NULL, &der, (long)size);
  if (signature == NULL) return false;
  const int half = (int)(out_size / 2);
  const bool done = BN_bn2binpad(ECDSA_SIG_get0_r(signature), out, half) == half &&
                    BN_bn2binpad(ECDSA_SIG_get0_s(signature), out + half, half) == half;
  ECDSA_SIG_free(signature);
  return done;
}

static bool sign_with(EVP_PKEY *key, CK_MECHANISM_TYPE mechanism, const unsigned char *data, size_t size, unsigned char *out, size_t *out_size) {
  EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(key, NULL);
  bool done = context != NULL && EVP_PKEY_sign_init(context) == 1;
  const EVP_MD *md = find_digest(mechanism);
  if (done && EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA) {
    done = EVP_PKEY_CTX_set_rsa_padding(context, is_pss(mechanism) ? RSA_PKCS1_PSS_PADDING : RSA_PKCS1_PADDING) == 1;
    if (done && md != NULL) done = EVP_PKEY_CTX_set_signature_md(context, md) == 1;
    if (done && is_pss(mechanism)) done = EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1;
  }
  done = done && EVP_PKEY_sign(context, out, out_size, data, size) == 1;
  EVP_PKEY_CTX_free(context);
  return done;
}

CK_RV key_sign(const struct bytes *pkcs8, CK_MECHANISM_TYPE mechanism, const unsigned char *data, size_t size, unsigned char *out,
               size_t out_size) {
  unsigned char hash[EVP_MAX_MD_SIZE];
  const EVP_MD *md = find_digest(mechanism);
  if (md != NULL) {
    if (!digest(mechanism, data, size, hash)) return CKR_FUNCTION_FAILED;
    data = hash;
    size = (size_t)EVP_MD_get_size(md);
  }
  if (pkcs8->at == NULL) return CKR_DEVICE_ERROR;
  const unsigned char *at = pkcs8->at;
  EVP_PKEY *key = d2i_AutoPrivateKey(NULL, &at, (long)pkcs8->size);
  if (key == NULL) return CKR_DEVICE_ERROR;
  unsigned char made[512];
  size_t made_size = sizeof made;
  const bool rsa = EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA;
  bool done = size > 0 && sign_with(key, mechanism, data, size, made, &made_size);
  EVP_PKEY_free(key);
  if (done && rsa) {
    done = made_size == out_size;
    if (done) memcpy(out, made, out_size);
  } else if (done) {
    done = plain_signature(made, made_size, out, out_size);
  }
  return done ? CKR_OK : CKR_DEVICE_ERROR;
}

/* ---- certificates ---- */

static bool take(struct bytes *out, unsigned char *der, int size) {
  if (size <= 0 || der == NULL) return false;
  out->at = malloc((size_t)size);
  if (out->at != NULL) {
    memcpy(out->at, der, (size_t)size);
    out->size = (size_t)size;
  }
  OPENSSL_free(der);
  return out->at != NULL;
}

static bool take_number(struct bytes *out, const EVP_PKEY *key, const char *parameter) {
  BIGNUM *number = NULL;
  if (EVP_PKEY_get_bn_param(key, parameter, &number) != 1) return false;
  out->size = (size_t)BN_num_bytes(number);
  out->at = malloc(out->size);
  if (out->at != NULL) BN_bn2bin(number, out->at);
  BN_free(number);
  return out->at != NULL;
}

/* CKA_EC_POINT is the bare 04 || X || Y, not wrapped in an OCTET STRING; CKA_EC_PARAMS a DER object identifier. */
static bool take_ec(struct certificate_facts *facts, X509 *certificate) {
  X509_PUBKEY *info = X509_get_X509_PUBKEY(certificate);
  const unsigned char *point = NULL;
  int size = 0;
  X509_ALGOR *algorithm = NULL;
  if (X509_PUBKEY_get0_param(NULL, &point, &size, &algorithm, info) != 1 || size <= 0) return false;
  facts->ec_point.at = malloc((size_t)size);
  if (facts->ec_point.at == NULL) return false;
  memcpy(facts->ec_point.at, point, (size_t)size);
  facts->ec_point.size = (size_t)size;
  const void *parameter = NULL;
  int type = 0;
  X509_ALGOR_get0(NULL, &type, &parameter, algorithm);
  if (type != V_ASN1_OBJECT) return false;
  unsigned char *der = NULL;
  const int der_size = i2d_ASN1_OBJECT(parameter, &der);
  return take(&facts->ec_params, der, der_size);
}

void certificate_free(struct certificate_facts *facts) {
  struct bytes *const all[] = {&facts->subject,   &facts->issuer,   &facts->serial,  &facts->public_key_info,
                               &facts->ec_params, &facts->ec_point, &facts->modulus, &facts->exponent};
  for (size_t i = 0; i < COUNT(all); i++) free(all[i]->at);
  memset(facts, 0, sizeof *facts);
}

bool certificate_parse(const struct bytes *file, struct certificate_facts *facts) {
  memset(facts, 0, sizeof *facts);
  const unsigned char *at = file->at;
  X509 *certificate = d2i_X509(NULL, &at, (long)file->size);
  if (certificate == NULL) return false;
  facts->size = (size_t)(at - file->at);
  unsigned char *der = NULL;
  int size = i2d_X509_NAME(X509_get_subject_name(certificate), &der);
  bool done = take(&facts->subject, der, size);
  der = NULL;
  size = i2d_X509_NAME(X509_get_issuer_name(certificate), &der);
  done = take(&facts->issuer, der, size) && done;
  der = NULL;
  size = i2d_ASN1_INTEGER(X509_get0_serialNumber(certificate), &der);
  done = take(&facts->serial, der, size) && done;
  der = NULL;
  size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
  done = take(&facts->public_key_info, der, size) && done;
  const EVP_PKEY *key = X509_get0_pubkey(certificate);
  if (done && key != NULL && EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA) {
    done = take_number(&facts->modulus, key, "n") && take_number(&facts->exponent, key, "e");
  } else if (done) {
    done = take_ec(facts, certificate);
  }
  X509_free(certificate);
  if (!done) certificate_free(facts);
  return done;
}

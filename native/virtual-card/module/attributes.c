#include "module.h"

#include <stdlib.h>
#include <string.h>

const struct attribute *attribute_get(const struct object *object, CK_ATTRIBUTE_TYPE type) {
  for (size_t i = 0; i < object->count; i++) {
    if (object->attributes[i].type == type) return &object->attributes[i];
  }
  return NULL;
}

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

bool object_set_number(struct object *object, CK_ATTRIBUTE_TYPE type, CK_ULONG value) {
  return object_set(object, type, &value, sizeof value);
}

bool object_set_flag(struct object *object, CK_ATTRIBUTE_TYPE type, CK_BBOOL value) {
  return object_set(object, type, &value, sizeof value);
}

bool object_set_bytes(struct object *object, CK_ATTRIBUTE_TYPE type, const struct bytes *value) {
  return object_set(object, type, value->at, value->size);
}

bool object_declare(struct object *object, const CK_ATTRIBUTE_TYPE *types, size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (!object_set(object, types[i], NULL, 0)) return false;
  }
  return true;
}

struct object *object_add(struct slot *slot) {
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

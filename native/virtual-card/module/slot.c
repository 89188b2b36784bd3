#include "module.h"

#include <stdlib.h>
#include <string.h>

/*
 * The worst bug for a kiosk: a card that is no eID is connected to anew at each look. The first five say
 * CKR_TOKEN_NOT_RECOGNIZED, all later ones "not present" for the rest of the process, and each of those leaks a PC/SC
 * handle (CL:card.cpp:727-765). Past pcscd's 200 handles everything is CKR_DEVICE_ERROR until C_Finalize.
 */
#define FOREIGN_RECOGNISED_MAX 5
#define HANDLES_MAX 200

static int foreign_looks = 0;
static int leaked_handles = 0;

void slots_release_handles(void) {
  leaked_handles = 0;
}

unsigned slots_leaked_handles(void) {
  return (unsigned)leaked_handles;
}

void slot_forget_objects(struct slot *slot) {
  for (size_t i = 0; i < slot->object_count; i++) {
    for (size_t j = 0; j < slot->objects[i].count; j++) free(slot->objects[i].attributes[j].value);
  }
  free(slot->objects);
  slot->objects = NULL;
  slot->object_count = 0;
  slot->cached = 0;
}

void slot_wipe_table(struct slot *slot) {
  slot_forget_objects(slot);
  slot->sessions = 0;
  slot->connections = 0;
  slot->logged_in = false;
}

void slot_disconnect(struct slot *slot) {
  if (slot->connected) {
    power_off(slot->power);
    card_free(&slot->card);
  }
  slot->connected = false;
  slot->ghost_until_us = 0;
}

static CK_RV look_at_foreign(struct card *card, const struct world *world, enum presence *presence) {
  if (!card_wait(card, world->foreign_us)) return CKR_OK;
  if (foreign_looks < FOREIGN_RECOGNISED_MAX) {
    foreign_looks += 1;
    *presence = CARD_NEW;
    return CKR_TOKEN_NOT_RECOGNIZED;
  }
  leaked_handles += 1;
  return leaked_handles > HANDLES_MAX ? CKR_DEVICE_ERROR : CKR_OK;
}

static CK_RV connect_to_card(struct slot *slot, const struct world *world, enum presence *presence) {
  if (leaked_handles >= HANDLES_MAX) {
    leaked_handles = HANDLES_MAX + 1;
    return CKR_DEVICE_ERROR;
  }
  struct card card;
  card_load(&card, world, slot->number);
  CK_RV rv = CKR_OK;
  if (card.kind == KIND_MUTE && world->mute_error) {
    rv = CKR_DEVICE_ERROR;
  } else if (card.kind == KIND_FOREIGN) {
    rv = look_at_foreign(&card, world, presence);
  } else if (card.kind == KIND_EID && card_wait(&card, world->connect_us)) {
    slot->card = card;
    slot->connected = true;
    slot->folder = FOLDER_NONE;
    slot->power = power_on(&card);
    slot->tries_at_connect = pin_tries(&card);
    *presence = CARD_NEW;
    slot_forget_objects(slot);
    sessions_invalidate(slot->number);
    return CKR_OK;
  }
  /*
   * A mute card (upside down, dirty) looks like no card at all: SCardConnect fails with SCARD_W_UNRESPONSIVE_CARD, which
   * CL:pcsc.cpp PcscToErr makes EIDMW_ERR_CANT_CONNECT and CL:cardfactory.cpp CardConnect swallows. Older releases let
   * it through, as CKR_DEVICE_ERROR (`mute_error`).
   */
  card_free(&card);
  return rv;
}

CK_RV slot_update(struct slot *slot, enum presence *presence) {
  *presence = CARD_ABSENT;
  struct world world;
  world_read(&world);
  /* The reader was unplugged and nobody has asked C_GetSlotList(NULL) since: CL:pcsc.cpp PcscToErr's default. */
  if (slot->number >= world.readers) {
    slot_disconnect(slot);
    return CKR_DEVICE_ERROR;
  }
  const struct world_reader *reader = &world.reader[slot->number];
  const bool occupied = reader->card[0] != 0;
  if (slot->connected) {
    if (occupied && card_is_in(&slot->card)) {
      *presence = CARD_SAME;
      return CKR_OK;
    }
    if (!occupied && now_us() < slot->ghost_until_us) {
      *presence = CARD_SAME;
      return CKR_OK;
    }
    slot_disconnect(slot);
    slot_forget_objects(slot);
    sessions_invalidate(slot->number);
  }
  return occupied ? connect_to_card(slot, &world, presence) : CKR_OK;
}

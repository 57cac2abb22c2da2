#pragma once

/* The keys of the full screen: one table from which keys are dispatched, the help is written and
 * the footer is made, so that none of the three can lag behind. */

#include <glib.h>
#include <stdbool.h>

/* Keys that are no letters; above every Unicode letter. */
typedef enum {
    STAGE_KEY_LEFT = 0x200000,
    STAGE_KEY_RIGHT,
    STAGE_KEY_UP,
    STAGE_KEY_DOWN,
    STAGE_KEY_PAGE_UP,
    STAGE_KEY_PAGE_DOWN,
    STAGE_KEY_HOME,
    STAGE_KEY_END,
    STAGE_KEY_TAB,
    STAGE_KEY_BACK_TAB,
    STAGE_KEY_ENTER,
    STAGE_KEY_ESCAPE,
    STAGE_KEY_BACKSPACE,
    STAGE_KEY_DELETE,
    STAGE_KEY_F1,
} StageKey;

typedef struct Stage Stage;

#define STAGE_KEYS_PER_ROW 4

typedef struct {
    guint32 keys[STAGE_KEYS_PER_ROW]; /* 0 behind the last */
    const char *shown;                /* "→ Space" */
    const char *footer;               /* keys as the footer shows them; NULL: not there */
    const char *brief;                /* what the footer says of them */
    const char *help;                 /* a sentence */
    void (*act)(Stage *stage);
    bool needs_story; /* not for captures */
} StageKeyRow;

extern const StageKeyRow stage_key_rows[];
extern const gsize n_stage_key_rows;

const StageKeyRow *stage_key_find(guint32 key); /* NULL: does nothing */

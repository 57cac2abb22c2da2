#pragma once

/* The stage as its files see it.
 *
 *     stage.c          life, keys of each mode, drawing     stage-keys.c    the table of keys
 *     stage-steps.c    which steps are seen, moving         stage-search.c  search, go to
 *     stage-predict.c  choices before a reply               stage-menu.c    what-ifs to choose from
 *     stage-branch.c   playing what-ifs, saving             stage-compare.c two stories at a time
 *     view-*.c         one view each
 */

#include "ui/terminal/pane-text.h"
#include "ui/terminal/stage.h"

#define STAGE_WIDE 120 /* from here on the pane stands beside the ladder */
#define STAGE_LEAST_WIDTH 40
#define STAGE_LEAST_HEIGHT 12
#define STAGE_INPUT_MAXIMUM 400 /* letters of a line that is typed */
#define STAGE_CHOICES 4

typedef enum {
    STAGE_PANE_MEANING,
    STAGE_PANE_BYTES,
    STAGE_PANE_STATE,
    STAGE_PANE_NOTE,
    N_STAGE_PANES,
} StagePane;

typedef enum {
    STAGE_MODE_STEPS,
    STAGE_MODE_HELP,
    STAGE_MODE_MENU,    /* what-ifs that are possible here */
    STAGE_MODE_PROMPT,  /* a line is typed */
    STAGE_MODE_PREDICT, /* four choices wait for an answer */
    STAGE_MODE_COMPARE,
} StageMode;

typedef enum {
    STAGE_PROMPT_GO_TO,
    STAGE_PROMPT_SEARCH,
    STAGE_PROMPT_WHAT_IF,
    STAGE_PROMPT_SAVE,
} StagePrompt;

/* A row of the what-if menu: what it is called, and the line that it begins with. */
typedef struct {
    char *label;
    char *line;
    bool is_complete; /* Enter plays it; else it is typed to its end */
} StageMenuRow;

typedef struct {
    char *token;
    char *meaning;
    bool is_right;
} StageChoice;

/* Octets of a connection that hold a password. */
typedef struct {
    PacketAddress source;
    PacketAddress destination;
    guint16 source_port;
    guint16 destination_port;
    guint32 begin; /* sequence numbers */
    guint32 end;
} StageSecret;

#define STAGE_NO_STEP -1

/* A row of two stories side by side: places among the visible steps of each. */
typedef struct {
    gint left; /* STAGE_NO_STEP: there is none beside the other */
    gint right;
    bool is_same;
} StagePair;

/* A recording with what is looked up in it again and again. */
typedef struct {
    Recording *recording; /* NULL: there is none */
    GArray *visible;      /* guint: places in the timeline */
    GArray *secrets;      /* StageSecret */
} StageShow;

struct Stage {
    StageOptions options;
    guint width;
    guint height;

    StageShow original;
    StageShow branch; /* the story with the what-ifs; the one that is shown, where it is */
    WhatIfList *what_ifs;

    StepLevel level;
    bool has_only_stream;
    guint64 only_stream;
    guint position; /* in 'visible' of the show */

    StagePane pane;
    guint scroll;
    guint frame; /* of those that carried the step */
    guint field; /* of that frame */

    StageMode mode;
    StagePrompt prompt;
    GString *input;
    char *search;
    char *message; /* in place of the footer, until the next key; NULL: none */
    bool message_is_bad;

    GPtrArray *menu; /* StageMenuRow */
    guint menu_row;
    guint help_scroll;

    bool predicts;
    StageChoice choices[STAGE_CHOICES];
    guint choice_count;
    guint chosen; /* STAGE_CHOICES: not yet */
    bool is_revealed;

    GArray *pairs; /* StagePair: the rows of two stories side by side */
    guint compare_scroll;

    bool is_playing;
    guint speed; /* index of the table of speeds */
    bool wants_end;
};

/* --- stage-steps.c --- */

void stage_show_init(Stage *stage, StageShow *show, Recording *recording);
void stage_show_clear(StageShow *show);
const StageShow *stage_shown(const Stage *stage);
const Timeline *stage_timeline(const Stage *stage);
guint stage_count(const Stage *stage);                            /* steps that are seen */
const Step *stage_step_at(const Stage *stage, guint position);    /* borrowed */
const Step *stage_step(const Stage *stage);                       /* the present one; NULL: none */
const Step *stage_chapter(const Stage *stage, guint *out_number); /* NULL: before the first */
bool stage_is_seen(const Stage *stage, const Step *step);
void stage_filter(Stage *stage); /* after the level or the conversation has changed */
void stage_move(Stage *stage, guint position);
bool stage_is_secret(const Stage *stage, const CaptureFrame *frame);

void stage_forward(Stage *stage);
void stage_back(Stage *stage);
void stage_forward_ten(Stage *stage);
void stage_back_ten(Stage *stage);
void stage_first(Stage *stage);
void stage_last(Stage *stage);
void stage_next_chapter(Stage *stage);
void stage_previous_chapter(Stage *stage);
void stage_level_story(Stage *stage);
void stage_level_dialogue(Stage *stage);
void stage_level_packets(Stage *stage);
void stage_only_conversation(Stage *stage);

/* --- stage-search.c --- */

void stage_begin_prompt(Stage *stage, StagePrompt prompt, const char *text);
void stage_prompt_key(Stage *stage, guint32 key);
void stage_ask_step(Stage *stage);
void stage_ask_search(Stage *stage);
void stage_search_next(Stage *stage);
void stage_search_previous(Stage *stage);

/* --- stage-predict.c --- */

void stage_toggle_predict(Stage *stage);
bool stage_begin_predict(Stage *stage, const Step *reply); /* false: nothing to choose from */
void stage_predict_key(Stage *stage, guint32 key);
void stage_clear_choices(Stage *stage);

/* --- stage-menu.c --- */

GPtrArray *stage_menu_new(void);
void stage_open_menu(Stage *stage);
void stage_menu_key(Stage *stage, guint32 key);

/* --- stage-branch.c --- */

void stage_play_what_if(Stage *stage, const char *line);
void stage_undo_what_if(Stage *stage);
void stage_ask_save(Stage *stage);
void stage_save(Stage *stage, const char *path);

/* --- stage-compare.c --- */

void stage_compare(Stage *stage);
void stage_compare_key(Stage *stage, guint32 key);
/* Where the two stories part: a place among the visible steps of both. */
guint stage_parting(const Stage *stage);

/* --- stage.c --- */

G_GNUC_PRINTF(3, 4)
void stage_say(Stage *stage, bool is_bad, const char *format, ...);
void stage_next_pane(Stage *stage);
void stage_previous_pane(Stage *stage);
void stage_up(Stage *stage);
void stage_down(Stage *stage);
void stage_next_frame(Stage *stage);
void stage_help(Stage *stage);
void stage_play(Stage *stage);
void stage_faster(Stage *stage);
void stage_slower(Stage *stage);
void stage_quit(Stage *stage);

/* --- views --- */

typedef struct {
    CellArea ladder;
    CellArea tabs; /* one row: names of the panes */
    CellArea pane;
} StageLayout;

StageLayout stage_layout(const Stage *stage);
void view_frame(const Stage *stage, CellGrid *grid); /* border, title, footer */
void view_too_small(CellGrid *grid);
void view_message(const Stage *stage, CellGrid *grid); /* that is too long for the footer */
void view_tabs(const Stage *stage, CellGrid *grid, CellArea area);
bool view_tabs_hit(guint column, StagePane *out_pane);
/* Says below a pane how many of its rows lie above and below what is seen. */
void view_more(CellGrid *grid, CellArea pane, guint above, guint below);
void view_ladder(const Stage *stage, CellGrid *grid, CellArea area);
guint view_ladder_first(const Stage *stage, guint height); /* position of its first row */
void view_meaning(const Stage *stage, PaneText *pane);
void view_packet(const CaptureFrame *frame, PaneText *pane, guint column); /* of the labels */
void view_bytes(const Stage *stage, PaneText *pane);
guint view_bytes_fields(const Stage *stage); /* how many the present frame has */
void view_state(const Stage *stage, PaneText *pane);
void view_note(const Stage *stage, PaneText *pane);
void view_help(const Stage *stage, CellGrid *grid);
void view_menu(const Stage *stage, CellGrid *grid);
void view_predict(const Stage *stage, PaneText *pane);
void view_compare(const Stage *stage, CellGrid *grid);
void view_prompt(const Stage *stage, CellGrid *grid, guint y);

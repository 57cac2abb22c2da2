#include "ui/terminal/stage-keys.h"

#include "ui/terminal/stage-private.h"

const StageKeyRow stage_key_rows[] = {
    {
        .keys = {STAGE_KEY_RIGHT, ' ', STAGE_KEY_ENTER, 'l'},
        .shown = "→ Space",
        .footer = "← →",
        .brief = "step",
        .help = "The next step.",
        .act = stage_forward,
    },
    {
        .keys = {STAGE_KEY_LEFT, STAGE_KEY_BACKSPACE, 'h'},
        .shown = "←",
        .help = "One step back, exactly.",
        .act = stage_back,
    },
    {
        .keys = {'n'},
        .shown = "n",
        .footer = "n p",
        .brief = "chapter",
        .help = "The next chapter.",
        .act = stage_next_chapter,
        .needs_story = true,
    },
    {
        .keys = {'p'},
        .shown = "p",
        .help = "The chapter before.",
        .act = stage_previous_chapter,
        .needs_story = true,
    },
    {
        .keys = {STAGE_KEY_PAGE_DOWN},
        .shown = "PgDn",
        .help = "Ten steps on.",
        .act = stage_forward_ten,
    },
    {
        .keys = {STAGE_KEY_PAGE_UP},
        .shown = "PgUp",
        .help = "Ten steps back.",
        .act = stage_back_ten,
    },
    {
        .keys = {STAGE_KEY_HOME},
        .shown = "Home",
        .help = "The first step.",
        .act = stage_first,
    },
    {
        .keys = {STAGE_KEY_END},
        .shown = "End",
        .help = "The last step.",
        .act = stage_last,
    },
    {
        .keys = {'g', ':'},
        .shown = "g",
        .help = "Go to a step: type its number.",
        .act = stage_ask_step,
    },
    {
        .keys = {STAGE_KEY_TAB},
        .shown = "Tab",
        .footer = "Tab",
        .brief = "pane",
        .help = "The next pane: Meaning, Bytes, State, Note.",
        .act = stage_next_pane,
    },
    {
        .keys = {STAGE_KEY_BACK_TAB},
        .shown = "Shift-Tab",
        .help = "The pane before.",
        .act = stage_previous_pane,
    },
    {
        .keys = {STAGE_KEY_DOWN, 'j'},
        .shown = "↓",
        .help = "Down in the pane; in Bytes the next field.",
        .act = stage_down,
    },
    {
        .keys = {STAGE_KEY_UP, 'k'},
        .shown = "↑",
        .help = "Up in the pane; in Bytes the field before.",
        .act = stage_up,
    },
    {
        .keys = {'f'},
        .shown = "f",
        .help = "In Bytes: the next of the frames that carried the step.",
        .act = stage_next_frame,
    },
    {
        .keys = {'1'},
        .shown = "1",
        .footer = "1-3",
        .brief = "level",
        .help = "Level story: what a textbook would tell.",
        .act = stage_level_story,
    },
    {
        .keys = {'2'},
        .shown = "2",
        .help = "Level dialogue: every command and reply.",
        .act = stage_level_dialogue,
    },
    {
        .keys = {'3'},
        .shown = "3",
        .help = "Level packets: every frame.",
        .act = stage_level_packets,
    },
    {
        .keys = {'c'},
        .shown = "c",
        .help = "Only the conversation of this step; again: all.",
        .act = stage_only_conversation,
    },
    {
        .keys = {'/'},
        .shown = "/",
        .footer = "/",
        .brief = "find",
        .help = "Search in what was said and what it means.",
        .act = stage_ask_search,
    },
    {
        .keys = {'.'},
        .shown = ".",
        .help = "The next place that was searched for.",
        .act = stage_search_next,
    },
    {
        .keys = {','},
        .shown = ",",
        .help = "The place before that was searched for.",
        .act = stage_search_previous,
    },
    {
        .keys = {'a'},
        .shown = "a",
        .help = "Play: step by itself; again: pause.",
        .act = stage_play,
    },
    {
        .keys = {'+', '='},
        .shown = "+",
        .help = "Play faster.",
        .act = stage_faster,
    },
    {
        .keys = {'-'},
        .shown = "-",
        .help = "Play slower.",
        .act = stage_slower,
    },
    {
        .keys = {'t'},
        .shown = "t",
        .help = "Ask the class: before each reply four choices; again: no more.",
        .act = stage_toggle_predict,
    },
    {
        .keys = {'w'},
        .shown = "w",
        .footer = "w",
        .brief = "what if",
        .help = "What if: what could go another way at this step.",
        .act = stage_open_menu,
        .needs_story = true,
    },
    {
        .keys = {'d'},
        .shown = "d",
        .help = "The two stories side by side, from where they part.",
        .act = stage_compare,
        .needs_story = true,
    },
    {
        .keys = {'u'},
        .shown = "u",
        .help = "Undo the last what-if.",
        .act = stage_undo_what_if,
        .needs_story = true,
    },
    {
        .keys = {'s'},
        .shown = "s",
        .help = "Save the what-ifs to a file, for --what-if=@FILE.",
        .act = stage_ask_save,
        .needs_story = true,
    },
    {
        .keys = {'?', STAGE_KEY_F1},
        .shown = "?",
        .footer = "?",
        .brief = "help",
        .help = "This help.",
        .act = stage_help,
    },
    {
        .keys = {'q'},
        .shown = "q",
        .footer = "q",
        .brief = "quit",
        .help = "Leave.",
        .act = stage_quit,
    },
};
const gsize n_stage_key_rows = G_N_ELEMENTS(stage_key_rows);

const StageKeyRow *stage_key_find(guint32 key)
{
    for (gsize i = 0; i < n_stage_key_rows; i++) {
        for (guint place = 0; place < STAGE_KEYS_PER_ROW; place++) {
            if (key != 0 && stage_key_rows[i].keys[place] == key) {
                return &stage_key_rows[i];
            }
        }
    }
    return NULL;
}

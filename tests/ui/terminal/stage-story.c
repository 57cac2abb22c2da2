#include "tests/ui/terminal/stage-story.h"

static const char story[] =
    "title \"A short story\"\n"
    "organisation crepes.fr\n"
    "person alice \"Alice\" password yummy machine alice-laptop\n"
    "organisation hamburger.edu\n"
    "person bob \"Bob\" password hungry machine bob-pc\n"
    "chapter \"Alice writes\"\n"
    "note \"Where is the message now?\"\n"
    "alice writes to bob@hamburger.edu, subject \"Ketchup\", body \"And pickles?\"\n"
    "chapter \"She sends it\"\n"
    "alice sends\n"
    "chapter \"Bob fetches it\"\n"
    "bob fetches by pop3 and deletes\n";

Recording *play(gpointer owner, const WhatIfList *what_ifs, GError **error)
{
    Player *whose = owner;
    ScenarioRunOptions how = {.seed = 1, .what_ifs = what_ifs};
    RecordingOptions options = {.wants_frames = true};
    whose->plays++;
    return recording_of_scenario(whose->scenario, &how, &options, error);
}

static const char *const deeds[] = {"bob fetches by pop3 and keeps", NULL};

Player player;

int stage_story_set_up(void **state)
{
    (void)state;
    player.scenario = scenario_parse("story", story, NULL);
    return player.scenario == NULL;
}

int stage_story_tear_down(void **state)
{
    (void)state;
    scenario_free(player.scenario);
    return 0;
}

Stage *open_stage(guint width, guint height)
{
    StageOptions options = {
        .title = "story",
        .name = "story",
        .unlike = "",
        .deeds = deeds,
        .play = play,
        .owner = &player,
    };
    Recording *recording = play(&player, NULL, NULL);
    assert_non_null(recording);
    return stage_new(&options, recording, NULL, NULL, width, height);
}

void type(Stage *stage, const char *keys)
{
    static const struct {
        char letter;
        guint32 key;
    } rows[] = {
        {'<', STAGE_KEY_LEFT},
        {'>', STAGE_KEY_RIGHT},
        {'^', STAGE_KEY_UP},
        {'~', STAGE_KEY_DOWN},
        {'\t', STAGE_KEY_TAB},
        {'\n', STAGE_KEY_ENTER},
        {'\033', STAGE_KEY_ESCAPE},
        {'\x01', STAGE_KEY_HOME},
        {'\x05', STAGE_KEY_END},
    };

    for (; *keys != '\0'; keys++) {
        guint32 key = (guint32)*keys;
        for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
            key = *keys == rows[i].letter ? rows[i].key : key;
        }
        stage_key(stage, key);
    }
}

char *screen_of(Stage *stage, guint width, guint height)
{
    g_autoptr(CellGrid) grid = cell_grid_new(width, height);
    stage_draw(stage, grid);
    return cell_grid_to_text(grid);
}

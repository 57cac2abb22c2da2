#include "ui/cli/run-serve.h"

#include "sim/scenario/scenario-live.h"
#include "ui/cli/run-turn.h"
#include "ui/cli/scenario-error.h"
#include "ui/cli/serve-loop.h"

#include <unistd.h>

#define LOOK_AT_KEYS_MS 200
#define PAUSE_TOLD (3 * SIM_SECOND) /* shorter ones pass before anybody has read of them */
#define HOST_WIDTH 24
#define NAME_WIDTH 12

typedef struct {
    const Scenario *scenario;
    const RunServeOptions *options;
    const ScenarioPerson *player;
    ScenarioRun *run;
    ScenarioLive *live;
    LoopbackDoors *doors;
    ListenView *view;
    RunTurn turn;
    bool is_told_over;
} Serving;

/* --- who the client is --- */

static void append_players(GString *names, const Scenario *scenario)
{
    for (guint i = 0; i < scenario->people->len; i++) {
        const ScenarioPerson *person = scenario_person(scenario, i);
        if (person->machine != NULL) {
            g_string_append_printf(names, "%s%s", names->len == 0 ? "" : ", ", person->login);
        }
    }
}

/* Its place in the scenario; -1: there is none, and that has been said. */
static int find_player(const Scenario *scenario, const char *login, ExitStatus *status)
{
    g_autoptr(GString) names = g_string_new(NULL);
    for (guint i = 0; login[0] == '\0' && i < scenario->people->len; i++) {
        if (scenario_person(scenario, i)->machine != NULL) {
            return (int)i;
        }
    }
    int found = login[0] == '\0' ? -1 : scenario_find_person(scenario, login);
    if (found >= 0 && scenario_person(scenario, (guint)found)->machine != NULL) {
        return found;
    }
    append_players(names, scenario);
    if (names->len == 0) {
        *status = cli_usage_error("run", "nobody in %s has a machine to sit at", scenario->name);
    } else {
        *status = cli_usage_error(
            "run",
            found < 0 ? "nobody in %s is called '%s'; --serve-loopback may be: %s"
                      : "in %s, %s has no machine to sit at; --serve-loopback may be: %s",
            scenario->name,
            login,
            names->str
        );
    }
    return -1;
}

/* --- what is shown --- */

static void write_door(TextLayout *layout, const LoopbackDoor *door)
{
    g_autofree char *line = g_strdup_printf(
        "%-*s %-*s %s:%u",
        HOST_WIDTH,
        door->host,
        NAME_WIDTH,
        loopback_ports[door->port].name,
        LOOPBACK_DOORS_ADDRESS,
        door->number
    );
    g_autofree char *page =
        door->port != LOOPBACK_HTTP
            ? NULL
            : g_strdup_printf("   http://%s:%u/", LOOPBACK_DOORS_ADDRESS, door->number);
    g_autofree char *whole = g_strconcat(line, page, NULL);
    text_layout_line(layout, 2, TEXT_PLAIN, whole);
}

static void write_people(TextLayout *layout, const Scenario *scenario)
{
    for (guint i = 0; i < scenario->people->len; i++) {
        const ScenarioPerson *person = scenario_person(scenario, i);
        if (person->server != SCENARIO_NO_SERVER) {
            g_autofree char *line = g_strdup_printf(
                "%-*s user %s, password %s",
                HOST_WIDTH,
                person->address,
                person->login,
                person->password
            );
            text_layout_line(layout, 2, TEXT_PLAIN, line);
        }
    }
}

static void write_start(const Serving *serving)
{
    TextLayout *layout = listen_view_layout(serving->view);
    const Scenario *scenario = serving->scenario;
    guint speed = serving->options->speed;
    g_autofree char *pace = speed == 1 ? g_strdup("as fast as yours")
                                       : g_strdup_printf("%u seconds in each of yours", speed);
    g_autofree char *text = g_strdup_printf(
        "You are %s, at %s: what you say on these ports of this machine travels the world of the "
        "story, whose clock goes %s. Ctrl-C ends it.",
        serving->player->name,
        serving->player->machine,
        pace
    );
    TextRow title = {.text = scenario->title, .style = TEXT_HEADING};
    text_layout_row(layout, &title);
    text_layout_paragraph(layout, 0, TEXT_PLAIN, text);
    text_layout_blank(layout);
    for (guint i = 0; i < loopback_doors_count(serving->doors); i++) {
        write_door(layout, loopback_doors_at(serving->doors, i));
    }
    text_layout_blank(layout);
    write_people(layout, scenario);
}

static void on_turn(gpointer owner, const ScenarioAction *action, bool waits)
{
    Serving *serving = owner;
    TextLayout *layout = listen_view_layout(serving->view);
    run_turn_write(&serving->turn, layout, action, waits);
    if (waits && isatty(STDIN_FILENO)) {
        text_layout_paragraph(layout, 9, TEXT_QUIET, "Or press Enter, and the story goes on.");
    }
}

static void on_pause(gpointer owner, SimTime until)
{
    const Serving *serving = owner;
    SimTime wait = until - sim_world_now(scenario_run_world(serving->run));
    if (wait < PAUSE_TOLD * (SimTime)serving->options->speed) {
        return;
    }
    guint seconds = (guint)(until % SIM_DAY / SIM_SECOND);
    g_autofree char *text = g_strdup_printf(
        "▸ The story goes on at %02u:%02u:%02u.%s",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60,
        isatty(STDIN_FILENO) ? " Enter goes there at once." : ""
    );
    text_layout_line(listen_view_layout(serving->view), 7, TEXT_GOOD, text);
}

/* --- the story, by the machine's clock --- */

typedef struct {
    GSource source;
    Serving *serving;
} StorySource;

static gboolean prepare_story(GSource *source, gint *timeout_ms)
{
    Serving *serving = ((StorySource *)source)->serving;
    LoopbackClock *clock = loopback_doors_clock(serving->doors);
    SimWorld *world = scenario_run_world(serving->run);
    loopback_clock_sync(clock);
    scenario_live_advance(serving->live);
    if (scenario_live_is_over(serving->live) && !serving->is_told_over) {
        serving->is_told_over = true;
        TextLayout *layout = listen_view_layout(serving->view);
        text_layout_blank(layout);
        text_layout_paragraph(
            layout, 0, TEXT_HEADING, "The story is over. The servers go on until Ctrl-C."
        );
    }
    SimTime due = MIN(scenario_live_due(serving->live), sim_world_next_due(world));
    *timeout_ms = -1;
    if (due != SIM_TIME_NEVER) {
        gint64 wait_us = loopback_clock_monotonic_us(clock, due) - g_get_monotonic_time();
        *timeout_ms = (gint)CLAMP((wait_us + 999) / 1000, 0, G_MAXINT);
    }
    return FALSE;
}

static gboolean dispatch_story(GSource *source, GSourceFunc callback, gpointer data)
{
    (void)source;
    (void)callback;
    (void)data;
    return G_SOURCE_CONTINUE;
}

static GSourceFuncs story_functions = {.prepare = prepare_story, .dispatch = dispatch_story};

/* Enter: the player passes, or the pause is over. Only the program in the foreground may read the
 * terminal. */
static gboolean look_at_keys(gpointer data)
{
    Serving *serving = data;
    GPollFD keys = {.fd = STDIN_FILENO, .events = G_IO_IN};
    char typed[256];
    bool is_foreground = tcgetpgrp(STDIN_FILENO) == getpgrp();
    if (is_foreground && g_poll(&keys, 1, 0) > 0) {
        if (read(STDIN_FILENO, typed, sizeof typed) <= 0) {
            return G_SOURCE_REMOVE;
        }
        SimTime pause_end = scenario_live_pause_end(serving->live);
        scenario_live_skip_turn(serving->live);
        if (pause_end != SIM_TIME_NEVER) {
            loopback_clock_jump(loopback_doors_clock(serving->doors), pause_end);
        }
    }
    return G_SOURCE_CONTINUE;
}

static void on_spoken(gpointer data, const LoopbackDoor *door)
{
    Serving *serving = data;
    scenario_live_spoken(serving->live, loopback_ports[door->port].well_known);
}

static bool serve(Serving *serving, GError **error)
{
    StorySource *story = (StorySource *)g_source_new(&story_functions, sizeof(StorySource));
    story->serving = serving;
    g_source_attach(&story->source, NULL);
    guint keys = isatty(STDIN_FILENO) ? g_timeout_add(LOOK_AT_KEYS_MS, look_at_keys, serving) : 0;
    bool is_good = serve_loop_run(serving->view, error);
    if (keys != 0) {
        GSource *source = g_main_context_find_source_by_id(NULL, keys);
        if (source != NULL) {
            g_source_destroy(source);
        }
    }
    g_source_destroy(&story->source);
    g_source_unref(&story->source);
    return is_good;
}

/* --- all of it --- */

static const char *host_name(gpointer data, const PacketAddress *address)
{
    const Serving *serving = data;
    gsize length = address->version == 4 ? 4 : 16;
    return serving->run == NULL ? NULL
                                : scenario_run_host_name(serving->run, address->octets, length);
}

static bool open_world(
    Serving *serving,
    const ScenarioRunOptions *how,
    const ScenarioObserver *observer,
    guint player,
    GError **error
)
{
    ScenarioLiveOwner owner = {.turn = on_turn, .pause = on_pause, .owner = serving};
    serving->run = scenario_run_new(serving->scenario, how, observer, error);
    if (serving->run == NULL) {
        return false;
    }
    LoopbackDoorsOptions doors = {
        .run = serving->run,
        .device = serving->player->device,
        .pace = {.goes_on = true, .speed = serving->options->speed},
        .spoken = on_spoken,
        .data = serving,
    };
    serving->live = scenario_live_new(serving->run, player, &owner);
    serving->doors = loopback_doors_new(&doors, error);
    serving->turn = (RunTurn){
        .scenario = serving->scenario,
        .doors = serving->doors,
        .written = g_ptr_array_new(),
    };
    return serving->doors != NULL;
}

static void close_world(Serving *serving)
{
    loopback_doors_free(serving->doors);
    scenario_live_free(serving->live);
    g_clear_pointer(&serving->run, scenario_run_free);
    if (serving->turn.written != NULL) {
        g_ptr_array_unref(serving->turn.written);
    }
}

static void show_end(const Serving *serving)
{
    const char *pcap = serving->options->pcap;
    const WhatIf *unmet = scenario_run_unmet(serving->run);
    if (unmet != NULL) {
        g_autofree char *line = what_if_to_text(unmet);
        fprintf(stderr, "mailwalk run: the moment of this what-if never came: %s\n", line);
    }
    if (pcap != NULL) {
        g_autofree char *safe = cli_safe_text(pcap);
        printf(
            "\n%s has %" G_GUINT64_FORMAT " frames. To look at it again:\n"
            "  mailwalk dissect %s --ladder\n",
            safe,
            listen_view_frame_count(serving->view),
            safe
        );
    }
}

/* A step has no number before it has been seen. */
static const WhatIf *first_at_step(const WhatIfList *what_ifs)
{
    for (guint i = 0; i < what_if_list_length(what_ifs); i++) {
        const WhatIf *what_if = what_if_list_at(what_ifs, i);
        if (what_if->moment.anchor == WHAT_IF_AT_STEP) {
            return what_if;
        }
    }
    return NULL;
}

static ExitStatus play(Serving *serving, const ScenarioRunOptions *how, guint player)
{
    g_autoptr(GError) error = NULL;
    static const char *const no_rules[] = {NULL};
    ListenViewOptions options = {
        .level = serving->options->level,
        .tells_story = true,
        .show_secrets = serving->options->show_secrets,
        .pcap = serving->options->pcap,
        .rules = no_rules,
        .host_name = host_name,
        .data = serving,
    };
    g_autoptr(ListenView) view = listen_view_new(stdout, &options, &error);
    if (view == NULL) {
        return cli_environment_error("run", "%s", error->message);
    }
    serving->view = view;
    ScenarioObserver observer = listen_view_observer(view);
    if (!open_world(serving, how, &observer, player, &error)) {
        bool is_wrong = error->domain == SCENARIO_ERROR;
        close_world(serving);
        return is_wrong ? scenario_error_print("run", error)
                        : cli_environment_error("run", "%s", error->message);
    }
    write_start(serving);
    if (serve(serving, &error) && listen_view_finish(view, &error)) {
        show_end(serving);
    }
    close_world(serving);
    return error == NULL ? EXIT_DONE : cli_environment_error("run", "%s", error->message);
}

ExitStatus
run_serve(const Scenario *scenario, const ScenarioRunOptions *how, const RunServeOptions *options)
{
    ExitStatus status = EXIT_USAGE;
    int player = find_player(scenario, options->person, &status);
    if (player < 0) {
        return status;
    }
    const WhatIf *at_step = first_at_step(how->what_ifs);
    if (at_step != NULL) {
        g_autofree char *line = what_if_to_text(at_step);
        return cli_usage_error(
            "run",
            "what-if '%s': with --serve-loopback no step has a number beforehand; write 'at "
            "connection 1 command 3', 'at frame 40' or 'at 10:15'",
            line
        );
    }
    Serving serving = {
        .scenario = scenario,
        .options = options,
        .player = scenario_person(scenario, (guint)player),
    };
    return play(&serving, how, (guint)player);
}

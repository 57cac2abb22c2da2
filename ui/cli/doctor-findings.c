#include "ui/cli/doctor-findings.h"

#include <string.h>

/* Narrower or lower than this the full screen has no room for its panes. */
#define FEWEST_COLUMNS 80
#define FEWEST_ROWS 24
#define FEWEST_COLOURS 8

#define GUIDES                                                                                     \
    {                                                                                              \
        [DOCTOR_FOR_GUIDES] = true                                                                 \
    }
#define TESTS                                                                                      \
    {                                                                                              \
        [DOCTOR_FOR_TESTS] = true                                                                  \
    }
#define GUIDES_AND_TESTS                                                                           \
    {                                                                                              \
        [DOCTOR_FOR_GUIDES] = true, [DOCTOR_FOR_TESTS] = true                                      \
    }

/* Those for the tests are the commands of tests/support/setup.sh. */
const DoctorTool doctor_tools[] = {
    {.name = "telnet", .package = "telnet", .is_for = GUIDES_AND_TESTS},
    {.name = "nc", .package = "netcat-openbsd", .is_for = GUIDES_AND_TESTS},
    {.name = "dig", .package = "bind9-dnsutils", .is_for = GUIDES_AND_TESTS},
    {.name = "curl", .package = "curl", .is_for = GUIDES_AND_TESTS},
    {.name = "swaks", .package = "swaks", .is_for = GUIDES_AND_TESTS},
    {.name = "man", .package = "man-db", .is_for = GUIDES},
    {.name = "cc", .package = "gcc", .is_for = TESTS},
    {.name = "pkg-config", .package = "pkg-config", .is_for = TESTS},
    {.name = "meson", .package = "meson", .is_for = TESTS},
    {.name = "ninja", .package = "ninja-build", .is_for = TESTS},
    {.name = "python3", .package = "python3", .is_for = TESTS},
    {.name = "tshark", .package = "tshark", .is_for = TESTS},
    {.name = "tmux", .package = "tmux", .is_for = TESTS},
    {.name = "fish", .package = "fish", .is_for = TESTS},
    {.name = "zsh", .package = "zsh", .is_for = TESTS},
    {.name = "msmtp", .package = "msmtp", .is_for = TESTS},
    {.name = "mpop", .package = "mpop", .is_for = TESTS},
    {.name = "mutt", .package = "mutt", .is_for = TESTS},
    {.name = "s-nail", .package = "s-nail", .is_for = TESTS},
    {.name = "fetchmail", .package = "fetchmail", .is_for = TESTS},
    {.name = "mbsync", .package = "isync", .is_for = TESTS},
    {.name = "smtp-source", .package = "postfix", .is_for = TESTS},
    {.name = "valgrind", .package = "valgrind", .is_for = TESTS},
    {.name = "clang", .package = "clang", .is_for = TESTS},
    {.name = "clang-format", .package = "clang-format", .is_for = TESTS},
    {.name = "chromium", .package = "chromium", .is_for = TESTS},
    {.name = "git", .package = "git", .is_for = TESTS},
    {.name = "mandoc", .package = "mandoc", .is_for = TESTS},
};

const gsize n_doctor_tools = G_N_ELEMENTS(doctor_tools);

static void folder_free(gpointer data)
{
    DoctorFolder *folder = data;
    g_free(folder->path);
    g_free(folder->problem);
    g_free(folder);
}

static void port_free(gpointer data)
{
    DoctorPort *port = data;
    g_free(port->name);
    g_free(port);
}

static void finding_free(gpointer data)
{
    DoctorFinding *finding = data;
    g_free(finding->text);
    g_free(finding->mend);
    g_free(finding);
}

void doctor_facts_init(DoctorFacts *facts)
{
    *facts = (DoctorFacts){.colours = -1};
    facts->folders = g_ptr_array_new_with_free_func(folder_free);
    facts->ports = g_ptr_array_new_with_free_func(port_free);
    facts->programs = g_ptr_array_new_with_free_func(g_free);
}

void doctor_facts_clear(DoctorFacts *facts)
{
    g_clear_pointer(&facts->program, g_free);
    g_clear_pointer(&facts->capture_problem, g_free);
    g_clear_pointer(&facts->terminal, g_free);
    g_clear_pointer(&facts->locale, g_free);
    g_clear_pointer(&facts->charset, g_free);
    g_clear_pointer(&facts->folders, g_ptr_array_unref);
    g_clear_pointer(&facts->ports, g_ptr_array_unref);
    g_clear_pointer(&facts->programs, g_ptr_array_unref);
}

/* Takes 'text' and 'mend'; all is fine where there is nothing to mend. */
static void add(GPtrArray *findings, const char *id, const char *title, char *text, char *mend)
{
    DoctorFinding *finding = g_new0(DoctorFinding, 1);
    *finding = (DoctorFinding){
        .id = id,
        .title = title,
        .is_fine = mend == NULL,
        .text = text,
        .mend = mend,
    };
    g_ptr_array_add(findings, finding);
}

static void judge_data(const DoctorFacts *facts, GPtrArray *findings)
{
    static const char advice[] =
        "Install mailwalk again, or name the folder that holds 'scenarios' and "
        "'traces' in MAILWALK_DATA.";
    add(findings,
        "scenarios",
        "Scenarios",
        g_strdup_printf("%u found", facts->scenarios),
        facts->scenarios > 0 ? NULL : g_strdup(advice));
    add(findings,
        "traces",
        "Traces",
        g_strdup_printf("%u found", facts->traces),
        facts->traces > 0 ? NULL : g_strdup(advice));
}

static bool is_small(const DoctorFacts *facts)
{
    return facts->columns < FEWEST_COLUMNS || facts->rows < FEWEST_ROWS;
}

static void judge_terminal(const DoctorFacts *facts, GPtrArray *findings)
{
    if (facts->columns == 0) {
        add(findings,
            "terminal",
            "Terminal",
            g_strdup("none here: --step prints instead of taking the screen"),
            g_strdup("Call mailwalk in a terminal window."));
        return;
    }
    add(findings,
        "terminal",
        "Terminal",
        g_strdup_printf("%u columns, %u rows", facts->columns, facts->rows),
        is_small(facts) ? g_strdup_printf(
                              "Make the window at least %u by %u, or its letters smaller: --step "
                              "needs the room.",
                              FEWEST_COLUMNS,
                              FEWEST_ROWS
                          )
                        : NULL);
}

static void judge_colours(const DoctorFacts *facts, GPtrArray *findings)
{
    const char *terminal = facts->terminal == NULL ? "" : facts->terminal;
    char *text = NULL;
    char *mend = NULL;
    if (facts->columns == 0) {
        return;
    }
    if (facts->colours < 0) {
        text = g_strdup_printf("the terminal '%s' is not known on this machine", terminal);
        mend = g_strdup("Name one that is: export TERM=xterm-256color");
    } else if (facts->colours < FEWEST_COLOURS) {
        text = g_strdup_printf("the terminal '%s' has none", terminal);
        mend = g_strdup("If the window can show colours: export TERM=xterm-256color");
    } else if (facts->refuses_colour) {
        text = g_strdup("not wanted, as NO_COLOR says");
    } else {
        text = g_strdup_printf("%d", facts->colours);
    }
    add(findings, "colours", "Colours", text, mend);
}

static void judge_locale(const DoctorFacts *facts, GPtrArray *findings)
{
    const char *name = facts->locale == NULL ? "C" : facts->locale;
    bool is_utf8 = g_ascii_strcasecmp(facts->charset, "UTF-8") == 0;
    char *text = NULL;
    if (!facts->has_locale) {
        text = g_strdup_printf("%s is not installed", name);
    } else {
        text = g_strdup_printf("%s, %s", name, facts->charset);
    }
    add(findings,
        "locale",
        "Locale",
        text,
        facts->has_locale && is_utf8
            ? NULL
            : g_strdup("Lines, arrows and letters beyond ASCII need UTF-8: export LC_ALL=C.UTF-8"));
}

static void judge_folders(const DoctorFacts *facts, GPtrArray *findings)
{
    g_autoptr(GString) text = g_string_new(NULL);
    bool is_fine = true;
    for (guint i = 0; i < facts->folders->len; i++) {
        const DoctorFolder *folder = facts->folders->pdata[i];
        g_string_append_printf(text, "%s%s", i > 0 ? "; " : "", folder->path);
        if (folder->problem != NULL) {
            g_string_append_printf(text, " cannot be written to (%s)", folder->problem);
            is_fine = false;
        }
    }
    if (is_fine) {
        g_string_append(text, " can be written to");
    }
    add(findings,
        "folders",
        "Folders",
        g_strdup(text->str),
        is_fine ? NULL
                : g_strdup("Captures, pages and saved what-ifs go to the present folder, what is "
                           "unpacked to TMPDIR: change to a folder of your own, or set TMPDIR."));
}

static void judge_ports(const DoctorFacts *facts, GPtrArray *findings)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(GString) options = g_string_new(NULL);
    for (guint i = 0; i < facts->ports->len; i++) {
        const DoctorPort *port = facts->ports->pdata[i];
        if (!port->is_free) {
            g_string_append_printf(text, "%s%u", text->len > 0 ? ", " : "", port->number);
            g_string_append_printf(options, " --%s=0", port->name);
        }
    }
    bool is_fine = text->len == 0;
    add(findings,
        "ports",
        "Ports of listen",
        is_fine ? g_strdup("all free on 127.0.0.1") : g_strdup_printf("taken: %s", text->str),
        is_fine ? NULL
                : g_strdup_printf(
                      "Stop the program that has them, or take any that is free: mailwalk "
                      "listen%s",
                      options->str
                  ));
}

static void judge_capture(const DoctorFacts *facts, GPtrArray *findings)
{
    const char *program = facts->program == NULL ? "mailwalk" : facts->program;
    bool is_fine = facts->capture_problem == NULL;
    add(findings,
        "capture",
        "Live capture",
        is_fine ? g_strdup("allowed (dissect -i)") : g_strdup(facts->capture_problem),
        is_fine
            ? NULL
            : g_strdup_printf(
                  "Only dissect -i needs this. Once: sudo setcap cap_net_raw,cap_net_admin=ep "
                  "%s - or sudo mailwalk dissect -i INTERFACE; the rights are given up once the "
                  "interface is open.",
                  program
              ));
}

static bool is_found(const DoctorFacts *facts, const char *name)
{
    return g_ptr_array_find_with_equal_func(facts->programs, name, g_str_equal, NULL);
}

static void judge_tools(
    const DoctorFacts *facts,
    DoctorPurpose purpose,
    const char *id,
    const char *title,
    GPtrArray *findings
)
{
    g_autoptr(GString) missing = g_string_new(NULL);
    g_autoptr(GString) packages = g_string_new(NULL);
    guint count = 0;
    for (gsize i = 0; i < n_doctor_tools; i++) {
        const DoctorTool *tool = &doctor_tools[i];
        if (tool->is_for[purpose]) {
            count++;
        }
        if (tool->is_for[purpose] && !is_found(facts, tool->name)) {
            g_string_append_printf(missing, "%s%s", missing->len > 0 ? ", " : "", tool->name);
            g_string_append_printf(packages, " %s", tool->package);
        }
    }
    const char *user = purpose == DOCTOR_FOR_TESTS ? "Only tests/run needs them. " : "";
    const char *how = facts->has_apt ? "sudo apt install" : "Install (names as in Debian):";
    add(findings,
        id,
        title,
        missing->len == 0 ? g_strdup_printf("all %u found", count)
                          : g_strdup_printf("missing: %s", missing->str),
        missing->len == 0 ? NULL : g_strdup_printf("%s%s%s", user, how, packages->str));
}

GPtrArray *doctor_findings(const DoctorFacts *facts)
{
    GPtrArray *findings = g_ptr_array_new_with_free_func(finding_free);
    judge_data(facts, findings);
    judge_terminal(facts, findings);
    judge_colours(facts, findings);
    judge_locale(facts, findings);
    judge_folders(facts, findings);
    judge_ports(facts, findings);
    judge_capture(facts, findings);
    judge_tools(facts, DOCTOR_FOR_GUIDES, "guide-tools", "Tools of the guides", findings);
    judge_tools(facts, DOCTOR_FOR_TESTS, "test-tools", "Tools of the tests", findings);
    return findings;
}

#include "tests/support/test.h"

#include "ui/cli/doctor-findings.h"

static void add_folder(DoctorFacts *facts, const char *path, const char *problem)
{
    DoctorFolder *folder = g_new0(DoctorFolder, 1);
    folder->path = g_strdup(path);
    folder->problem = g_strdup(problem);
    g_ptr_array_add(facts->folders, folder);
}

static void add_port(DoctorFacts *facts, const char *name, guint16 number, bool is_free)
{
    DoctorPort *port = g_new0(DoctorPort, 1);
    *port = (DoctorPort){.name = g_strdup(name), .number = number, .is_free = is_free};
    g_ptr_array_add(facts->ports, port);
}

/* A machine on which nothing is missing. */
static void make_fine(DoctorFacts *facts)
{
    doctor_facts_init(facts);
    facts->program = g_strdup("/opt/bin/mailwalk");
    facts->columns = 160;
    facts->rows = 45;
    facts->terminal = g_strdup("xterm-256color");
    facts->colours = 256;
    facts->locale = g_strdup("C.UTF-8");
    facts->has_locale = true;
    facts->charset = g_strdup("UTF-8");
    facts->scenarios = 30;
    facts->traces = 20;
    facts->has_apt = true;
    add_folder(facts, "/home/alice", NULL);
    add_port(facts, "smtp", 2525, true);
    for (gsize i = 0; i < n_doctor_tools; i++) {
        g_ptr_array_add(facts->programs, g_strdup(doctor_tools[i].name));
    }
}

static void lose_tool(DoctorFacts *facts, const char *name)
{
    guint place;
    assert_true(g_ptr_array_find_with_equal_func(facts->programs, name, g_str_equal, &place));
    g_ptr_array_remove_index(facts->programs, place);
}

static void lose_scenarios(DoctorFacts *facts)
{
    facts->scenarios = 0;
}

static void lose_traces(DoctorFacts *facts)
{
    facts->traces = 0;
}

static void lose_terminal(DoctorFacts *facts)
{
    facts->columns = 0;
}

static void narrow_terminal(DoctorFacts *facts)
{
    facts->columns = 79;
}

static void lower_terminal(DoctorFacts *facts)
{
    facts->rows = 23;
}

static void forget_terminal(DoctorFacts *facts)
{
    facts->colours = -1;
}

static void bleach_terminal(DoctorFacts *facts)
{
    facts->colours = 0;
}

static void lose_locale(DoctorFacts *facts)
{
    facts->has_locale = false;
}

static void shrink_charset(DoctorFacts *facts)
{
    g_free(facts->charset);
    facts->charset = g_strdup("ANSI_X3.4-1968");
}

static void lock_folder(DoctorFacts *facts)
{
    add_folder(facts, "/usr", "Permission denied");
}

static void take_port(DoctorFacts *facts)
{
    add_port(facts, "dns", 5353, false);
}

static void forbid_capture(DoctorFacts *facts)
{
    facts->capture_problem = g_strdup("this user may not");
}

static void lose_compiler(DoctorFacts *facts)
{
    lose_tool(facts, "cc");
}

static void lose_dig(DoctorFacts *facts)
{
    lose_tool(facts, "dig");
    facts->has_apt = false;
}

static void refuse_colour(DoctorFacts *facts)
{
    facts->refuses_colour = true;
}

static const DoctorFinding *find(const GPtrArray *findings, const char *id)
{
    for (guint i = 0; i < findings->len; i++) {
        const DoctorFinding *finding = findings->pdata[i];
        if (g_str_equal(finding->id, id)) {
            return finding;
        }
    }
    fail_msg("no finding '%s'", id);
    return NULL;
}

static guint count_problems(const GPtrArray *findings)
{
    guint count = 0;
    for (guint i = 0; i < findings->len; i++) {
        const DoctorFinding *finding = findings->pdata[i];
        assert_true(finding->is_fine == (finding->mend == NULL));
        assert_true(*finding->text != '\0');
        count += !finding->is_fine;
    }
    return count;
}

static void test_fine(void **state)
{
    (void)state;
    DoctorFacts facts;
    make_fine(&facts);
    refuse_colour(&facts); /* a wish, and no fault */
    g_autoptr(GPtrArray) findings = doctor_findings(&facts);
    assert_int_equal(count_problems(findings), 0);
    assert_non_null(strstr(find(findings, "colours")->text, "NO_COLOR"));
    doctor_facts_clear(&facts);
}

static void test_problems(void **state)
{
    (void)state;

    static const struct {
        void (*spoil)(DoctorFacts *facts);
        const char *id;
        const char *text;
        const char *mend;
    } cases[] = {
        {.spoil = lose_scenarios, .id = "scenarios", .text = "0 found", .mend = "MAILWALK_DATA"},
        {.spoil = lose_traces, .id = "traces", .text = "0 found", .mend = "MAILWALK_DATA"},
        {.spoil = lose_terminal, .id = "terminal", .text = "none", .mend = "terminal window"},
        {.spoil = narrow_terminal, .id = "terminal", .text = "79 columns", .mend = "80 by 24"},
        {.spoil = lower_terminal, .id = "terminal", .text = "23 rows", .mend = "80 by 24"},
        {.spoil = forget_terminal, .id = "colours", .text = "not known", .mend = "export TERM="},
        {.spoil = bleach_terminal, .id = "colours", .text = "has none", .mend = "export TERM="},
        {.spoil = lose_locale, .id = "locale", .text = "not installed", .mend = "LC_ALL=C.UTF-8"},
        {.spoil = shrink_charset, .id = "locale", .text = "ANSI_X3", .mend = "LC_ALL=C.UTF-8"},
        {.spoil = lock_folder, .id = "folders", .text = "/usr cannot", .mend = "TMPDIR"},
        {.spoil = take_port, .id = "ports", .text = "5353", .mend = "listen --dns=0"},
        {.spoil = forbid_capture,
         .id = "capture",
         .text = "this user may not",
         .mend = "setcap cap_net_raw,cap_net_admin=ep /opt/bin/mailwalk"},
        {.spoil = lose_compiler, .id = "test-tools", .text = "cc", .mend = "apt install gcc"},
        {.spoil = lose_dig, .id = "guide-tools", .text = "dig", .mend = "Debian): bind9-dnsutils"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        DoctorFacts facts;
        make_fine(&facts);
        cases[i].spoil(&facts);
        g_autoptr(GPtrArray) findings = doctor_findings(&facts);
        const DoctorFinding *finding = find(findings, cases[i].id);
        /* dig serves the guides and the tests */
        assert_int_equal(count_problems(findings), cases[i].spoil == lose_dig ? 2 : 1);
        assert_false(finding->is_fine);
        assert_non_null(strstr(finding->text, cases[i].text));
        assert_non_null(strstr(finding->mend, cases[i].mend));
        doctor_facts_clear(&facts);
    }
}

static void test_tools(void **state)
{
    (void)state;
    for (gsize i = 0; i < n_doctor_tools; i++) {
        const DoctorTool *tool = &doctor_tools[i];
        assert_non_null(tool->name);
        assert_non_null(tool->package);
        assert_true(tool->is_for[DOCTOR_FOR_GUIDES] || tool->is_for[DOCTOR_FOR_TESTS]);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fine),
        cmocka_unit_test(test_problems),
        cmocka_unit_test(test_tools),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

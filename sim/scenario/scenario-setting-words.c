/* How the words of each setting of a mail server are read. */

#include "sim/scenario/scenario-setting-words.h"

static bool take_words(ScenarioLine *line, const char *expected, ScenarioSetting *setting)
{
    g_autofree char *list = NULL;
    if (!scenario_take_list(line, expected, NULL, &list)) {
        return false;
    }
    setting->list = g_strsplit(list, ", ", -1);
    return true;
}

static bool take_choice(
    ScenarioLine *line, const char *what, const char *const *words, gsize count, char **out_word
)
{
    for (gsize i = 0; i < count; i++) {
        if (scenario_line_accept(line, words[i])) {
            *out_word = g_strdup(words[i]);
            return true;
        }
    }
    return scenario_line_fail_word(line, what, words, count);
}

static bool take_aliases(ScenarioLine *line, ScenarioSetting *setting)
{
    return scenario_take_text(line, "an address", &setting->text) &&
           scenario_line_expect(line, "to") && take_words(line, "an address", setting);
}

static bool take_backs(ScenarioLine *line, ScenarioSetting *setting)
{
    return scenario_line_expect(line, "up") && take_words(line, "a domain", setting);
}

static bool take_believes(ScenarioLine *line, ScenarioSetting *setting)
{
    static const char *const words[] = {"everybody", "insiders", "existing"};
    return take_choice(line, "degree of belief", words, G_N_ELEMENTS(words), &setting->text);
}

static bool take_blocklist(ScenarioLine *line, ScenarioSetting *setting)
{
    return scenario_take_text(line, "a zone", &setting->text);
}

static bool take_catches(ScenarioLine *line, ScenarioSetting *setting)
{
    return scenario_line_expect(line, "all") && scenario_line_expect(line, "for") &&
           scenario_take_text(line, "an address", &setting->text);
}

static bool take_demands(ScenarioLine *line, ScenarioSetting *setting)
{
    (void)setting;
    return scenario_line_expect(line, "login");
}

static bool take_excepts(ScenarioLine *line, ScenarioSetting *setting)
{
    return scenario_take_text(line, "a prefix, such as 192.0.2.0/24", &setting->text);
}

static bool take_fails(ScenarioLine *line, ScenarioSetting *setting)
{
    static const char *const stages[] = {"greeting", "hello", "mail", "rcpt", "data", "message"};
    guint64 code;
    guint64 times = 0;
    g_autofree char *reply = NULL;
    bool is_read = scenario_line_expect(line, "at") &&
                   take_choice(line, "stage", stages, G_N_ELEMENTS(stages), &setting->text) &&
                   scenario_line_expect(line, "with") &&
                   scenario_line_take_number(line, 599, &code) &&
                   scenario_take_text(line, "the text of the reply", &reply);
    if (!is_read) {
        return false;
    }
    if (code < 400) {
        line->next--;
        return scenario_line_fail_before(line, "a refusal has a code from 400 to 599");
    }
    if (scenario_line_peek(line) != NULL && !(scenario_line_take_number(line, 1000000, &times) &&
                                              scenario_line_expect(line, "times"))) {
        return false;
    }
    const char *const list[] = {reply, NULL};
    setting->list = g_strdupv((GStrv)list);
    setting->numbers[0] = (gint64)code;
    setting->numbers[1] = (gint64)times;
    return true;
}

static bool take_full(ScenarioLine *line, ScenarioSetting *setting)
{
    (void)setting;
    return scenario_line_expect(line, "mailboxes") && scenario_line_expect(line, "fail");
}

static bool take_greylists(ScenarioLine *line, ScenarioSetting *setting)
{
    return scenario_line_expect(line, "for") &&
           scenario_line_take_duration(line, &setting->numbers[0]);
}

static bool take_hops(ScenarioLine *line, ScenarioSetting *setting)
{
    guint64 hops;
    if (!scenario_line_take_number(line, 1000, &hops)) {
        return false;
    }
    setting->numbers[0] = (gint64)hops;
    return true;
}

static bool take_list(ScenarioLine *line, ScenarioSetting *setting)
{
    if (!(scenario_take_text(line, "an address", &setting->text) &&
          scenario_line_expect(line, "with") && take_words(line, "an address", setting))) {
        return false;
    }
    setting->numbers[0] = scenario_line_accept(line, "as");
    return setting->numbers[0] == 0 || scenario_line_expect(line, "digest");
}

static bool take_marks(ScenarioLine *line, ScenarioSetting *setting)
{
    guint64 tenths = 50;
    if (!scenario_take_text(line, "a word or phrase", &setting->text)) {
        return false;
    }
    if (scenario_line_accept(line, "worth") && !scenario_line_take_number(line, 1000, &tenths)) {
        return false;
    }
    setting->numbers[0] = (gint64)tenths;
    return true;
}

static bool take_moved(ScenarioLine *line, ScenarioSetting *setting)
{
    if (!(scenario_take_text(line, "an address", &setting->text) &&
          scenario_line_expect(line, "to") && take_words(line, "an address", setting))) {
        return false;
    }
    setting->numbers[0] = scenario_line_accept(line, "and");
    return setting->numbers[0] == 0 || scenario_line_expect(line, "forwards");
}

static bool take_offers(ScenarioLine *line, ScenarioSetting *setting)
{
    return take_words(line, "a mechanism, such as PLAIN", setting);
}

static bool take_passes(ScenarioLine *line, ScenarioSetting *setting)
{
    return scenario_line_expect(line, "everything") && scenario_line_expect(line, "to") &&
           scenario_take_text(line, "the name of a machine", &setting->text);
}

static bool take_plus(ScenarioLine *line, ScenarioSetting *setting)
{
    (void)setting;
    return scenario_line_expect(line, "addresses");
}

static bool take_rejects(ScenarioLine *line, ScenarioSetting *setting)
{
    return scenario_take_text(line, "a text in quotes", &setting->text) &&
           scenario_line_expect(line, "as") && take_words(line, "the name of a virus", setting);
}

static bool take_relays(ScenarioLine *line, ScenarioSetting *setting)
{
    return scenario_line_expect(line, "for") && take_words(line, "everybody, or a prefix", setting);
}

static bool take_retries(ScenarioLine *line, ScenarioSetting *setting)
{
    if (!(scenario_line_expect(line, "after") &&
          scenario_line_take_duration(line, &setting->numbers[0]))) {
        return false;
    }
    scenario_line_accept(line, ",");
    if (scenario_line_accept(line, "then") &&
        !(scenario_line_expect(line, "every") &&
          scenario_line_take_duration(line, &setting->numbers[1]))) {
        return false;
    }
    scenario_line_accept(line, ",");
    return !scenario_line_accept(line, "for") ||
           scenario_line_take_duration(line, &setting->numbers[2]);
}

static bool take_says(ScenarioLine *line, ScenarioSetting *setting)
{
    return scenario_take_text(line, "a text in quotes", &setting->text);
}

static bool take_takes(ScenarioLine *line, ScenarioSetting *setting)
{
    guint64 octets;
    if (!scenario_line_take_size(line, &octets)) {
        return false;
    }
    setting->numbers[0] = (gint64)octets;
    return true;
}

static bool take_syntax(ScenarioLine *line, ScenarioSetting *setting)
{
    static const char *const words[] = {"strict", "lenient", "slide"};
    return take_choice(line, "kind of syntax", words, G_N_ELEMENTS(words), &setting->text);
}

static bool take_warns(ScenarioLine *line, ScenarioSetting *setting)
{
    return scenario_line_accept(line, "never") ||
           (scenario_line_expect(line, "after") &&
            scenario_line_take_duration(line, &setting->numbers[0]));
}

static bool take_webmail(ScenarioLine *line, ScenarioSetting *setting)
{
    (void)line;
    (void)setting;
    return true;
}

static bool take_without(ScenarioLine *line, ScenarioSetting *setting)
{
    return take_words(line, "an extension, such as PIPELINING", setting);
}

bool (*const scenario_setting_takers[N_SCENARIO_SETTINGS]
)(ScenarioLine *line, ScenarioSetting *setting) = {
    [SCENARIO_SETTING_BACKS_UP] = take_backs,      [SCENARIO_SETTING_BELIEVES] = take_believes,
    [SCENARIO_SETTING_BLOCKLIST] = take_blocklist, [SCENARIO_SETTING_CATCHES] = take_catches,
    [SCENARIO_SETTING_DEMANDS] = take_demands,     [SCENARIO_SETTING_EXCEPTS] = take_excepts,
    [SCENARIO_SETTING_FAILS] = take_fails,         [SCENARIO_SETTING_FORWARDS] = take_aliases,
    [SCENARIO_SETTING_FULL] = take_full,           [SCENARIO_SETTING_GREYLISTS] = take_greylists,
    [SCENARIO_SETTING_HOPS] = take_hops,           [SCENARIO_SETTING_LIST] = take_list,
    [SCENARIO_SETTING_MARKS] = take_marks,         [SCENARIO_SETTING_MOVED] = take_moved,
    [SCENARIO_SETTING_OFFERS] = take_offers,       [SCENARIO_SETTING_PASSES] = take_passes,
    [SCENARIO_SETTING_PLUS] = take_plus,           [SCENARIO_SETTING_REJECTS] = take_rejects,
    [SCENARIO_SETTING_RELAYS] = take_relays,       [SCENARIO_SETTING_RETRIES] = take_retries,
    [SCENARIO_SETTING_SAYS] = take_says,           [SCENARIO_SETTING_SIZE] = take_takes,
    [SCENARIO_SETTING_SYNTAX] = take_syntax,       [SCENARIO_SETTING_WARNS] = take_warns,
    [SCENARIO_SETTING_WEBMAIL] = take_webmail,     [SCENARIO_SETTING_WITHOUT] = take_without,
};

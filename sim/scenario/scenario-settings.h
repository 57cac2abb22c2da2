#pragma once

/* The settings of mail servers that a scenario may write. The reader keeps their words and numbers
 * (ScenarioSetting); scenario-build-server.c makes options of the transfer agent of them. */

typedef enum {
    SCENARIO_SETTING_BACKS_UP,  /* list: domains that it holds mail for */
    SCENARIO_SETTING_BELIEVES,  /* text: everybody, inside, existing */
    SCENARIO_SETTING_BLOCKLIST, /* text: the zone that is asked */
    SCENARIO_SETTING_CATCHES,   /* text: who gets what is for nobody */
    SCENARIO_SETTING_DEMANDS,   /* submission only after a log-in */
    SCENARIO_SETTING_EXCEPTS,   /* text: a prefix that is not looked up in blocklists */
    SCENARIO_SETTING_FAILS,     /* text: stage, list: reply; numbers: code, how often */
    SCENARIO_SETTING_FORWARDS,  /* text: address, list: where to */
    SCENARIO_SETTING_FULL,      /* a full mailbox is a failure for good */
    SCENARIO_SETTING_GREYLISTS, /* numbers[0]: for so long */
    SCENARIO_SETTING_HOPS,      /* numbers[0]: more Received lines are a loop */
    SCENARIO_SETTING_LIST,      /* text: address, list: members; numbers[0]: sends digests */
    SCENARIO_SETTING_MARKS,     /* text: a word that scores as spam, numbers[0]: tenths */
    SCENARIO_SETTING_MOVED,     /* text: address, list: the new one; numbers[0]: carried on */
    SCENARIO_SETTING_OFFERS,    /* list: mechanisms of AUTH */
    SCENARIO_SETTING_PASSES,    /* text: the machine that gets everything next */
    SCENARIO_SETTING_PLUS,      /* bob+lists is bob */
    SCENARIO_SETTING_REJECTS,   /* text: signature of a virus, list: its name */
    SCENARIO_SETTING_RELAYS,    /* list: prefixes; "everybody": an open relay */
    SCENARIO_SETTING_RETRIES,   /* numbers: first, every, lifetime */
    SCENARIO_SETTING_SAYS,      /* text: what the greeting says behind the name */
    SCENARIO_SETTING_SIZE,      /* numbers[0]: octets of the largest message */
    SCENARIO_SETTING_SYNTAX,    /* text: strict, lenient, slide */
    SCENARIO_SETTING_WARNS,     /* numbers[0]: after so long; 0: never */
    SCENARIO_SETTING_WEBMAIL,   /* people may read and write in a browser */
    SCENARIO_SETTING_WITHOUT,   /* list: extensions switched off */
    N_SCENARIO_SETTINGS,
} ScenarioSettingId;

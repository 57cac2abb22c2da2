#pragma once

/* The rows behind smtp-vocabulary.h, one file a subject. Only smtp-vocabulary.c and the tests read
 * them here; everybody else asks smtp-vocabulary.h. The sizes are given, so that one list can name
 * all tables; a row too few shows as an empty one in the tests. */

#include "protocol/smtp/smtp-vocabulary.h"

#define SMTP_COMMAND_SENSE_COUNT 12
#define SMTP_ENHANCED_CODE_COUNT 81
#define SMTP_ENHANCED_CLASS_COUNT 11
#define SMTP_ENHANCED_SENSE_COUNT 3
#define SMTP_EXTENSION_COUNT 33
#define SMTP_LIMIT_COUNT 22
#define SMTP_PARAMETER_COUNT 26
#define SMTP_REPLY_SENSE_COUNT 33
#define SMTP_RULE_COUNT 68
#define SMTP_STATE_COUNT 10
#define SMTP_VALUE_COUNT 6

/* Every reply code that an RFC defines, in order: row i of smtp_replies[] is the i-th of these. The
 * lines go by the first digit, which the formatter would undo. */
/* clang-format off */
#define SMTP_REPLY_CODES(X) \
    X(211) X(214) X(220) X(221) X(235) X(250) X(251) X(252) X(253) \
    X(334) X(354) X(355) \
    X(421) X(422) X(430) X(432) X(450) X(451) X(452) X(453) X(454) X(455) X(458) X(459) \
    X(500) X(501) X(502) X(503) X(504) X(521) X(523) X(524) X(525) X(530) X(533) X(534) X(535) \
    X(538) X(550) X(551) X(552) X(553) X(554) X(555) X(556)
/* clang-format on */

#define SMTP_REPLY_ID(code) SMTP_REPLY_##code,

typedef enum {
    SMTP_REPLY_CODES(SMTP_REPLY_ID) N_SMTP_REPLIES,
} SmtpReplyId;

/* A sense that holds for the answers to one command. */
typedef struct {
    guint code;
    VocabularyItem item;
} SmtpReplyRow;

/* A parameter of MAIL, RCPT, VRFY or EXPN. */
typedef struct {
    SmtpCommandId command;
    VocabularyItem item;
} SmtpParameterRow;

extern const SmtpCommandRow smtp_commands[N_SMTP_COMMANDS];
extern const VocabularyItem smtp_command_senses[SMTP_COMMAND_SENSE_COUNT];
extern const VocabularyItem smtp_enhanced_codes[SMTP_ENHANCED_CODE_COUNT];
extern const VocabularyItem smtp_enhanced_classes[SMTP_ENHANCED_CLASS_COUNT];
extern const VocabularyItem smtp_enhanced_senses[SMTP_ENHANCED_SENSE_COUNT];
extern const VocabularyItem smtp_extensions[SMTP_EXTENSION_COUNT];
extern const SmtpParameterRow smtp_parameters[SMTP_PARAMETER_COUNT];
extern const VocabularyItem smtp_values[SMTP_VALUE_COUNT];
extern const VocabularyItem smtp_limits[SMTP_LIMIT_COUNT];
extern const VocabularyItem smtp_rules[SMTP_RULE_COUNT];
extern const VocabularyItem smtp_states[SMTP_STATE_COUNT];
extern const VocabularyItem smtp_replies[N_SMTP_REPLIES];
extern const VocabularyItem smtp_reply_senses[SMTP_REPLY_SENSE_COUNT];

extern const SmtpReplyRow smtp_greeting_replies[4];
extern const SmtpReplyRow smtp_ehlo_replies[6];
extern const SmtpReplyRow smtp_helo_replies[4];
extern const SmtpReplyRow smtp_lhlo_replies[1];
extern const SmtpReplyRow smtp_rset_replies[2];
extern const SmtpReplyRow smtp_noop_replies[1];
extern const SmtpReplyRow smtp_quit_replies[2];
extern const SmtpReplyRow smtp_vrfy_replies[8];
extern const SmtpReplyRow smtp_expn_replies[6];
extern const SmtpReplyRow smtp_help_replies[4];
extern const SmtpReplyRow smtp_mail_replies[12];
extern const SmtpReplyRow smtp_rcpt_replies[15];
extern const SmtpReplyRow smtp_data_replies[10];
extern const SmtpReplyRow smtp_bdat_replies[8];
extern const SmtpReplyRow smtp_burl_replies[5];
extern const SmtpReplyRow smtp_starttls_replies[4];
extern const SmtpReplyRow smtp_auth_replies[5];
extern const SmtpReplyRow smtp_etrn_replies[5];
extern const SmtpReplyRow smtp_atrn_replies[5];
extern const SmtpReplyRow smtp_turn_replies[2];

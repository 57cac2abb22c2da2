#include "protocol/catalogue/catalogue.h"

#include "protocol/architecture/architecture-vocabulary.h"
#include "protocol/dns/dns-vocabulary.h"
#include "protocol/http/http-vocabulary.h"
#include "protocol/imap/imap-vocabulary.h"
#include "protocol/message/message-vocabulary.h"
#include "protocol/mime/mime-vocabulary.h"
#include "protocol/network/network-vocabulary.h"
#include "protocol/pop3/pop3-vocabulary.h"
#include "protocol/report/report-vocabulary.h"
#include "protocol/rfc/rfc-index.h"
#include "protocol/sasl/sasl-vocabulary.h"
#include "protocol/smtp/smtp-vocabulary.h"
#include "protocol/trust/trust-vocabulary.h"

typedef const VocabularyTable *(*CatalogueSource)(gsize *out_count);

static const CatalogueSource sources[] = {
    smtp_vocabulary,
    pop3_vocabulary,
    imap_vocabulary,
    sasl_vocabulary,
    report_vocabulary,
    message_vocabulary,
    mime_vocabulary,
    dns_vocabulary,
    trust_vocabulary,
    http_vocabulary,
    network_vocabulary,
    architecture_vocabulary,
};

const VocabularyItem *catalogue_next(CatalogueCursor *cursor)
{
    for (; cursor->source < G_N_ELEMENTS(sources); cursor->source++, cursor->table = 0) {
        gsize count;
        const VocabularyTable *tables = sources[cursor->source](&count);
        for (; cursor->table < count; cursor->table++, cursor->row = 0) {
            if (cursor->row < tables[cursor->table].count) {
                return vocabulary_table_item(&tables[cursor->table], cursor->row++);
            }
        }
    }
    return NULL;
}

bool catalogue_is_in_force(const VocabularyItem *item)
{
    return item->replaced_by == NULL && !rfc_is_obsolete(item->reference.number);
}

/* How well a reply row fits as the answer to a command; 0: not at all. */
static guint fitness(const VocabularyItem *reply, const VocabularyItem *command)
{
    if (reply->context == NULL) {
        return 2;
    }
    if (g_ascii_strcasecmp(reply->context, command->token) == 0) {
        return 4;
    }
    bool shares_context =
        command->context != NULL && g_ascii_strcasecmp(reply->context, command->context) == 0;
    return shares_context ? 3 : 1;
}

const VocabularyItem *catalogue_reply_sense(const VocabularyItem *command, const char *token)
{
    CatalogueCursor cursor = {0};
    const VocabularyItem *best = NULL;
    guint best_fitness = 0;
    const VocabularyItem *item;
    while ((item = catalogue_next(&cursor)) != NULL) {
        bool is_candidate = item->protocol == command->protocol && item->kind == VOCABULARY_REPLY &&
                            g_ascii_strcasecmp(item->token, token) == 0;
        guint fits = is_candidate ? 2 * fitness(item, command) + catalogue_is_in_force(item) : 0;
        if (fits > best_fitness) {
            best = item;
            best_fitness = fits;
        }
    }
    return best;
}

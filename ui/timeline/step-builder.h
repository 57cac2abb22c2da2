#pragma once

/* Makes steps of the dissector's events (and of world events), in order, each given to the sink
 * when it is whole: a reply at its last line, a message at its end. The sink owns the step. */

#include "dissect/conversation/dissector.h"
#include "ui/timeline/step.h"

typedef struct StepBuilder StepBuilder;

typedef struct {
    bool show_secrets;
    bool wants_frames;    /* steps for frames too: the packets level */
    bool shows_messages;  /* message text among the details, not only header and MIME tree */
    const char *password; /* to check digests with; NULL: none */
    /* The name of an address, for views of a simulation; NULL, or gives NULL: the address is shown.
     * The name is borrowed. */
    const char *(*host_name)(gpointer owner, const PacketAddress *address);
    void (*step)(gpointer owner, Step *step);
    gpointer owner;
} StepBuilderOptions;

StepBuilder *step_builder_new(const StepBuilderOptions *options);
void step_builder_free(StepBuilder *builder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StepBuilder, step_builder_free)

void step_builder_event(StepBuilder *builder, const DissectEvent *event);
void step_builder_frame(
    StepBuilder *builder,
    const Packet *packet,
    Conversation *conversation,
    StreamDirection direction,
    guint32 notes
);

/* Something that no wire shows; it gets a number of its own behind the last step given. */
typedef struct {
    gint64 time_ns;
    const char *host; /* "": none */
    const char *kind; /* "queue" */
    const char *text;
    StepLevel level;
} StepWorldEvent;

void step_builder_world(StepBuilder *builder, const StepWorldEvent *event);
void step_builder_chapter(
    StepBuilder *builder, gint64 time_ns, const char *title, const char *note
);

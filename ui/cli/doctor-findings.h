#pragma once

/* What `mailwalk doctor` makes of a machine. Facts were gathered by doctor-probe.c; judging them
 * needs no machine, so each finding can be tested:
 *
 *     doctor_probe(&facts) ; doctor_findings(&facts) -> one DoctorFinding for each thing looked at
 */

#include <glib.h>
#include <stdbool.h>

typedef enum {
    DOCTOR_FOR_GUIDES, /* the guides use it */
    DOCTOR_FOR_TESTS,  /* tests/run uses it */
    N_DOCTOR_PURPOSES,
} DoctorPurpose;

typedef struct {
    const char *name;    /* as it is called */
    const char *package; /* of Debian and its children */
    bool is_for[N_DOCTOR_PURPOSES];
} DoctorTool;

extern const DoctorTool doctor_tools[];
extern const gsize n_doctor_tools;

typedef struct {
    char *path;
    char *problem; /* NULL: can be written to */
} DoctorFolder;

typedef struct {
    char *name;
    guint16 number;
    bool is_free;
} DoctorPort;

typedef struct {
    char *program;         /* its path, where known */
    char *capture_problem; /* NULL: a network can be captured from */
    guint columns;         /* 0: there is no terminal */
    guint rows;
    char *terminal; /* TERM, or NULL */
    int colours;    /* -1: the terminal is not known */
    bool refuses_colour;
    char *locale; /* what LC_ALL, LC_CTYPE or LANG asks for, or NULL */
    bool has_locale;
    char *charset;
    GPtrArray *folders;  /* DoctorFolder */
    GPtrArray *ports;    /* DoctorPort */
    GPtrArray *programs; /* names of found tools */
    guint scenarios;     /* how many were found */
    guint traces;
    bool has_apt;
} DoctorFacts;

void doctor_facts_init(DoctorFacts *facts);
void doctor_facts_clear(DoctorFacts *facts);

typedef struct {
    const char *id; /* "capture" */
    const char *title;
    bool is_fine;
    char *text; /* what was found */
    char *mend; /* what to do about it; NULL where all is fine */
} DoctorFinding;

/* In a fixed order; elements are freed with the array. */
GPtrArray *doctor_findings(const DoctorFacts *facts);

#pragma once

/* Kind 14 for whoever runs its live mailbox. */

#include "exercises/exercise-verdict.h"
#include "exercises/kinds/pop3-session.h"

Pop3Session *pop3_fetch_session(const Exercise *exercise);
void pop3_fetch_judge(
    const Exercise *exercise, const Pop3Session *session, ExercisePartVerdict *verdict
);

#pragma once

/* Kind 14 for whoever runs its live mailbox. */

#include "exercises/exercise-verdict.h"
#include "exercises/kinds/student-pop3.h"

StudentPop3 *pop3_fetch_session(const Exercise *exercise);
void pop3_fetch_judge(
    const Exercise *exercise, const StudentPop3 *session, ExercisePartVerdict *verdict
);

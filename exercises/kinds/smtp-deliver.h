#pragma once

/* Kind 13 for whoever runs its live server. */

#include "exercises/exercise-verdict.h"
#include "exercises/kinds/student-smtp.h"

StudentSmtp *smtp_deliver_session(const Exercise *exercise);
void smtp_deliver_judge(
    const Exercise *exercise, const StudentSmtp *session, ExercisePartVerdict *verdict
);

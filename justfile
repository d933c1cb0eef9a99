# Verify deployments of Validibot. Run `just` to see every recipe.

set positional-arguments

export JBANG := env("JBANG", "./jbang")

[private]
default:
    @just --list --unsorted

# run every smoke test against STAGE
[arg('stage', pattern='dev|staging|prod|demo')]
[group('verify')]
[no-exit-message]
verify-deployment stage *args:
    @"$JBANG" verify_deployment.java "$@"

# ask STAGE two questions: is the web service up, is the worker locked?
[arg('stage', pattern='dev|staging|prod|demo')]
[group('verify')]
[no-exit-message]
verify-deployment-quick stage *args:
    @"$JBANG" quick_verify.java "$@"

# check that a deployment is set up correctly
[group('verify')]
[no-exit-message]
check-validibot *args:
    @"$JBANG" check_validibot.java "$@"

# print what completes the scripts' options: source <(just completion), in bash or zsh
[group('verify')]
[no-exit-message]
completion:
    @"$JBANG" .ci/completion.java

# run this project's own tests
[group('dev')]
[no-exit-message]
test *args:
    @"$JBANG" test/run_tests.java "$@"

# try every fault as a process, every two alone, twenty runs at once, and Java 25 (an hour)
[group('dev')]
[no-exit-message]
matrix *args:
    @PDV_MATRIX=yes "$JBANG" test/run_tests.java -k "FaultTests or FaultPairTests or ConcurrencyTests or ExtendingTests or JdkTests" "$@"

# write docs/faults.md anew, from what the tests expect
[group('dev')]
[no-exit-message]
faults:
    @PDV_WRITE_DOCS=yes "$JBANG" test/run_tests.java -k FaultTests

# check formats, shell scripts and script headers, and compile everything with all warnings on
[group('dev')]
[no-exit-message]
lint:
    @.ci/lint

# format every Java file
[group('dev')]
[no-exit-message]
fmt:
    @.ci/format

# shellcheck shell=bash
# A visitor of the demonstration's pages: fetches them as a browser does, signs in, writes a message.
# Sourced, with RUN for its cookies, SITE as in http://127.0.0.1:8080, and VISITOR as the words to
# put before curl (a network namespace, or nothing).

# page PATH [CURL ARGUMENT...]: prints the body, fails unless the status is below 400.
page() {
    local path=$1
    shift
    ${VISITOR:-} curl --silent --show-error --fail --max-time 10 \
        --cookie "$RUN/cookies" --cookie-jar "$RUN/cookies" "$@" "$SITE$path"
}

# hidden NAME < page: the value of a hidden field of its form.
hidden() {
    sed -n 's/.*name="'"$1"'" value="\([^"]*\)".*/\1/p' | head -n 1
}

sign_in() {
    local csrf
    csrf=$(page /app/login | hidden csrf)
    page /app/login --output /dev/null --data-urlencode "csrf=$csrf" \
        --data-urlencode name=demo --data-urlencode password=demo-password || return 1
    [[ $(page /app/) == *"Signed in as <strong>demo</strong>"* ]]
}

# write_message TITLE BODY: prints the path of the new message's page.
write_message() {
    local csrf
    csrf=$(page /app/new | hidden csrf)
    page /app/messages --output /dev/null --write-out '%{redirect_url}' \
        --data-urlencode "csrf=$csrf" --data-urlencode "title=$1" --data-urlencode "body=$2" |
        sed 's|^[a-z]*://[^/]*||'
}

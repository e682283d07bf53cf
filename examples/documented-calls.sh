#!/usr/bin/env bash
# The documented calls of K-Docs and ArchiDrive, one after the other, against a started server.
#   BASE=http://127.0.0.1:4000 TOKEN=<a bearer of somebody who may file documents and tags> bash examples/documented-calls.sh
# Prints each call and the status it got; ends with 1 at the first that is not as documented.
set -euo pipefail
: "${BASE:=http://127.0.0.1:4000}" "${TOKEN:?a bearer token}" "${INGEST_DIR:?the ingest folder of the server}"
here=$(cd "$(dirname "$0")" && pwd)
answer=$(mktemp)
trap 'rm -f "$answer"' EXIT

call() { # expected status, method, path, then curl arguments
  local expected=$1 method=$2 path=$3 status
  shift 3
  status=$(curl -s -o "$answer" -w '%{http_code}' -X "$method" "$BASE$path" -H "Authorization: Bearer $TOKEN" "$@")
  printf '%s %-6s %s\n' "$status" "$method" "$path"
  if [ "$status" != "$expected" ]; then
    echo "expected $expected, got:"
    cat "$answer"
    exit 1
  fi
}
send() { # expected status, method, path, JSON body
  call "$1" "$2" "$3" -H 'Content-Type: application/json' -d "$4"
}
first_id() { grep -oE '"id":[0-9]+' "$answer" | head -n 1 | grep -oE '[0-9]+'; }

run=$RANDOM$RANDOM
# K-Docs: tags, correspondents
send 201 POST /kdocs/api/tags "{\"name\": \"Tag Name $run\", \"color\": \"#ff0000\", \"match\": \"pattern\", \"matching_algorithm\": \"auto\", \"parent_id\": null}"
tag=$(first_id)
call 200 GET /kdocs/api/tags
call 200 GET "/kdocs/api/tags/$tag"
send 200 PUT "/kdocs/api/tags/$tag" "{\"name\": \"Important $run\"}"
send 201 POST /kdocs/api/correspondents "{\"name\": \"Correspondent Name $run\", \"match\": \"pattern\", \"matching_algorithm\": \"auto\"}"
correspondent=$(first_id)
call 200 GET /kdocs/api/correspondents
call 200 GET "/kdocs/api/correspondents/$correspondent"
send 200 PUT "/kdocs/api/correspondents/$correspondent" "{\"name\": \"Client ABC $run\"}"

# K-Docs: documents, from the ingest folder
(cat "$here/facture-edf.pdf"; printf '%% %s\n' "$run") > "$INGEST_DIR/document-$run.pdf"
send 201 POST /kdocs/api/documents "{\"filename\": \"document.pdf\", \"file_path\": \"document-$run.pdf\", \"title\": \"Document Title\", \"document_type_id\": 1, \"correspondent_id\": $correspondent, \"document_date\": \"2026-01-21\", \"amount\": 100.50, \"currency\": \"CHF\"}"
document=$(first_id)
call 200 GET '/kdocs/api/documents?page=1&per_page=20&order_by=created_at&order=DESC'
call 200 GET "/kdocs/api/documents/$document"
send 200 PUT "/kdocs/api/documents/$document" "{\"title\": \"New Title\", \"document_type_id\": 2, \"tags\": [$tag]}"
call 200 GET "/kdocs/api/documents/$document/download"
call 200 DELETE "/kdocs/api/documents/$document"
call 404 GET "/kdocs/api/documents/$document"
call 200 DELETE "/kdocs/api/tags/$tag"
call 200 DELETE "/kdocs/api/correspondents/$correspondent"

# ArchiDrive: people and invoices
send 201 POST /v1/users "{\"firstName\": \"Jeanne\", \"lastName\": \"Roux\", \"email\": \"jeanne.$run@example.com\", \"password\": \"Archi-drive1\"}"
TOKEN=$(sed -E 's/.*"token":"([^"]+)".*/\1/' "$answer")
call 200 GET /v1/users/me
me=$(first_id)
call 200 GET "/v1/users/$me"
send 200 PUT "/v1/users/$me" '{"firstName": "Jeanne-Marie"}'
send 201 POST /v1/invoices "{\"customerId\": $me, \"items\": [{\"description\": \"Service\", \"quantity\": 2, \"price\": 50}]}"
invoice=$(grep -oE '"invoiceId":[0-9]+' "$answer" | head -n 1 | grep -oE '[0-9]+')
call 200 GET "/v1/invoices?user_id=$me"
call 200 GET /v1/invoices
send 200 PUT "/v1/invoices/$invoice" '{"items": [{"description": "Service", "quantity": 3, "price": 50}]}'
call 200 DELETE "/v1/invoices/$invoice"
call 404 GET /v1/invoices/999999999
call 200 DELETE "/v1/users/$me"
echo 'every documented call answered as documented'

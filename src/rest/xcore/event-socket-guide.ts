/**
 * xcore.md, « WebSockets », for the head of the OpenAPI document, which has no place for sockets. Implemented by
 * `http/event-socket.ts`. A line that ends with a backslash goes on in the next one.
 */
export const eventSocketGuide = `## WebSocket /ws

Tous les messages sont des textes JSON. Le premier s'envoie dans les 10 secondes ; \
le token vaut avec ou sans \`Bearer\` :
JWT, token d'API ou clé API. Sans \`token\`, l'accès présenté à l'ouverture compte : \
un en-tête, ou le cookie d'une page de ce site.

| message | réponse |
| --- | --- |
| \`{"type": "auth", "token": "Bearer eyJ0eXAi..."}\` | \`{"type": "auth.ok"}\` |
| \`{"type": "subscribe", "events": ["user.login", "document.*"], "after": "4211"}\` | \
\`{"type": "subscribed", "events": […], "after": "4211", "position": "4250"}\` |
| \`{"type": "ping"}\` | \`{"type": "pong"}\` |

Puis viennent les événements, \
\`{"id": "4212", "type": "user.login", "timestamp": "2026-02-03T10:00:00Z", \
"data": {"subject": {"type": "User", "id": "12"}, "actorId": 12, …}}\`,
dans l'ordre des \`id\` (du texte) : tout le journal avec \`events:read\`, \
sinon ce qui concerne son propre compte, ce qu'on a fait
soi-même, les documents et les comptes bancaires que l'on voit. \
\`events\` (des noms exacts, \`prefixe.*\` ou \`*\`) restreint ; \`after\` reprend après un
\`id\`, sans perte ni doublon à partir de la réponse. Les deux clés sont aussi lues dans \`auth\`.
\`position\` est l'\`id\` du dernier événement.

Une erreur est dite par \`{"type": "error", "code", "message"}\` : \
\`BAD_MESSAGE\`, \`POSITION_UNKNOWN\` (un \`after\` au-delà du journal), \
\`POSITION_EXPIRED\` (avant ce qui est conservé, à partir de \`oldest\`) ; \
\`RATE_LIMITED\`, \`AUTHENTICATION_ERROR\`, \`AUTHORIZATION_ERROR\` et \`INTERNAL_ERROR\` avant la fermeture.
Codes de fermeture : 4401 authentification absente ou inconnue ; 4403 token expiré ou \
révoqué, droits changés, ou lecture refusée ; 4429 plus de 60 messages en 10 secondes, \
ou plus de 100 connexions d'une personne ; 1009 message de plus de 16 Kio ; 1013 client trop lent, à
reprendre avec \`after\` ; 1001 arrêt du serveur.`;

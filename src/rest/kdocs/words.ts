import { french } from '../words.js';

/** K-Docs speaks French. */
export const kdocsWords = french({
  notFound: {
    Document: 'Document non trouvé',
    Tag: 'Tag non trouvé',
    Correspondent: 'Correspondant non trouvé',
    DocumentType: 'Type de document non trouvé',
    User: 'Utilisateur non trouvé',
    RoleAssignment: "Cet utilisateur n'a pas ce rôle",
  },
  reasons: {
    duplicate_document: 'Ce fichier existe déjà',
    duplicate: 'Cette valeur existe déjà',
    'document.unsupported_type': "Ce type de fichier n'est pas accepté",
    'document.empty_file': 'Le fichier est vide',
    'document.not_trashed': "Le document n'est pas dans la corbeille",
    'document.read_only': 'Vous ne pouvez pas modifier ce document',
    'document_type.in_use': 'Ce type est utilisé par des documents',
    'role.unbounded': 'Ce rôle ne se limite pas à un type de document : la portée doit être *',
    'role.above': 'Ce rôle permet plus que vous ne pouvez',
    'user.last_admin': "C'est le dernier administrateur actif",
    bad_credentials: 'Identifiant ou mot de passe incorrect',
    two_factor_required: 'Code de double authentification requis, erroné ou déjà utilisé',
    session_needed: 'Cette action demande une session',
  },
});

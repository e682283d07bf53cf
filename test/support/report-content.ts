/** What a report says, made up: a visit that found a leak, with as many photos as a test wants. */
import sharp from 'sharp';
import type { Photo, ReportContent } from '../../src/modules/reports/content/report-content.js';
import { reportSections } from '../../src/modules/reports/content/report-content.js';

export const photoOf = (index: number): Photo => ({
  name: `IMG_${String(index + 1).padStart(4, '0')}.jpg`,
  caption: index % 3 === 2 ? null : `Raccord ${index + 1} de la colonne montante, avant réparation`,
  takenAt: new Date(Date.UTC(2026, 6, 14, 8, index)).toISOString(),
  place: index % 2 === 0 ? { latitude: 48.85661, longitude: 2.35222, accuracyMetres: 5 } : null,
});

export function reportContent(changes: Partial<ReportContent> = {}, photoCount = 3): ReportContent {
  return {
    report: {
      id: '3f2a9c41-0000-4000-8000-000000000001',
      kind: 'inspection',
      title: 'Recherche de fuite au 3e étage, appartement de Mme Dupont',
      description:
        'Le compteur tourne alors que tous les robinets sont fermés : perte de 12 L par heure. La fuite a été ' +
        'localisée derrière la cloison de la salle de bain, sur le raccord d’eau chaude.\n\nUn « collier » provisoire ' +
        'a été posé ; la réparation définitive est prévue sous huit jours.',
      author: 'Karim Benali',
      edition: 'c0ffee00-0000-4000-8000-000000000003',
      madeAt: '2026-07-14T15:20:00Z',
      written: [{ heading: 'Préconisations', paragraphs: ['Remplacer le raccord.', 'Sécher la cloison.'] }],
    },
    firm: {
      name: 'Atelier Vauban & Fils',
      legalForm: 'SAS',
      shareCapital: '10 000 €',
      street: '12 rue de la République',
      postalCode: '69002',
      city: 'Lyon',
      country: 'FR',
      email: 'contact@atelier-vauban.example',
      siren: '123456782',
      siret: '12345678200010',
      vatNumber: 'FR32123456782',
      rcs: 'Lyon',
    },
    client: {
      name: 'Copropriété Les Tilleuls',
      companyName: 'Syndic Martin & Associés',
      contact: 'Hélène Dupont',
      address: '3 allée des Tilleuls, 75011 Paris',
      telephone: '+33 1 23 45 67 89',
      email: 'helene.dupont@example.org',
    },
    intervention: {
      id: '7b1d55e0-0000-4000-8000-000000000002',
      kind: 'detection',
      status: 'validated',
      scheduledAt: '2026-07-14T08:00:00Z',
      startedAt: '2026-07-14T08:05:00Z',
      endedAt: '2026-07-14T10:35:00Z',
      location: 'Bâtiment B, 3e étage, porte gauche',
      place: { latitude: 48.85661, longitude: 2.35222 },
      description: 'Recherche d’une fuite non destructive.',
      technicians: ['Karim Benali', 'Zoé Lefèvre'],
      estimatedMinutes: 120,
    },
    timeline: [
      { at: '2026-07-10T09:00:00Z', from: null, to: 'planned', by: 'Claire Moreau', comment: null },
      {
        at: '2026-07-14T08:05:00Z',
        from: 'planned',
        to: 'in_progress',
        by: 'Karim Benali',
        comment: 'Accès par la cour.',
      },
      {
        at: '2026-07-14T10:35:00Z',
        from: 'in_progress',
        to: 'validated',
        by: 'Karim Benali',
        comment: 'Fuite trouvée ; le client est prévenu. L’eau chaude reste coupée jusqu’à la réparation.',
      },
    ],
    findings: [
      {
        kind: 'acoustic',
        result: 'Fuite confirmée',
        observations: 'Bruit net à 80 cm du sol, derrière la cloison. Niveau : 62 dB.',
        inspectedAt: '2026-07-14T08:40:00Z',
        place: { latitude: 48.85661, longitude: 2.35222 },
        photos: photoCount > 1 ? [0, 1] : [],
      },
      {
        kind: 'thermal',
        result: 'Sans anomalie',
        observations: null,
        inspectedAt: '2026-07-14T09:10:00Z',
        place: null,
        photos: [],
      },
    ],
    checklist: [
      {
        label: 'Compteur relevé avant et après',
        note: '1 204,512 m³',
        isDone: true,
        doneAt: '2026-07-14T08:10:00Z',
        doneBy: 'Karim Benali',
      },
      {
        label: 'Vannes d’arrêt manœuvrées',
        note: null,
        isDone: true,
        doneAt: '2026-07-14T08:20:00Z',
        doneBy: 'Zoé Lefèvre',
      },
      { label: 'Lieux rendus propres', note: null, isDone: false, doneAt: null, doneBy: null },
    ],
    hours: [
      { day: '2026-07-14', technician: 'Karim Benali', minutes: 150, note: 'Recherche et pose du collier' },
      { day: '2026-07-14', technician: 'Zoé Lefèvre', minutes: 90, note: null },
    ],
    parts: [
      { label: 'Collier de réparation DN 20', reference: 'CR-20', quantity: '1', unitPrice: '14.90' },
      { label: 'Joint fibre', reference: null, quantity: '2.500', unitPrice: null },
    ],
    photos: Array.from({ length: photoCount }, (_none, index) => photoOf(index)),
    omittedPhotos: 0,
    otherMedia: [
      {
        name: 'bruit-de-fuite.m4a',
        kind: 'audio',
        caption: 'Écoute à 80 cm du sol',
        takenAt: null,
        sizeBytes: 812_000,
        durationSeconds: 48.2,
      },
      { name: 'plan.pdf', kind: 'document', caption: null, takenAt: null, sizeBytes: 3_400_000, durationSeconds: null },
    ],
    signature: { name: 'Hélène Dupont', signedAt: '2026-07-14T10:40:00Z' },
    template: {
      title: null,
      introduction: 'Madame, Monsieur,\n\nVous trouverez ci-dessous le compte rendu de notre passage.',
      closing: 'Nous restons à votre disposition pour tout renseignement.',
      sections: reportSections,
      accentColour: '#1f3a5f',
    },
    timeZone: 'Europe/Paris',
    ...changes,
  };
}

/** A picture of a wall with a pipe and its number, of any size and format. */
export const photoBytes = (
  number: number,
  {
    width = 1600,
    height = 1200,
    format = 'jpeg',
  }: { width?: number; height?: number; format?: 'jpeg' | 'png' | 'webp' } = {},
): Promise<Buffer> =>
  sharp(
    Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 400 300" preserveAspectRatio="none">
      <defs><linearGradient id="g" x2="1" y2="1"><stop stop-color="hsl(${(number * 47) % 360} 30% 72%)"/><stop offset="1" stop-color="hsl(${(number * 47 + 60) % 360} 25% 40%)"/></linearGradient></defs>
      <rect width="400" height="300" fill="url(#g)"/><rect x="60" y="0" width="36" height="300" fill="#b87333"/>
      <rect x="52" y="120" width="52" height="46" fill="#8d5524"/><ellipse cx="150" cy="240" rx="70" ry="18" fill="#3b6ea5" opacity=".7"/>
      <text x="240" y="180" font-size="90" fill="#fff" font-family="DejaVu Sans">${number}</text></svg>`),
  )
    [format]()
    .toBuffer();

import { fold, wordsOf } from './fold.js';

/** ISO 3166-1: the code of two letters, then that of three. */
const codes = `
  ADAND AEARE AFAFG AGATG AIAIA ALALB AMARM AOAGO AQATA ARARG ASASM ATAUT AUAUS AWABW AXALA AZAZE BABIH BBBRB
  BDBGD BEBEL BFBFA BGBGR BHBHR BIBDI BJBEN BLBLM BMBMU BNBRN BOBOL BQBES BRBRA BSBHS BTBTN BVBVT BWBWA BYBLR
  BZBLZ CACAN CCCCK CDCOD CFCAF CGCOG CHCHE CICIV CKCOK CLCHL CMCMR CNCHN COCOL CRCRI CUCUB CVCPV CWCUW CXCXR
  CYCYP CZCZE DEDEU DJDJI DKDNK DMDMA DODOM DZDZA ECECU EEEST EGEGY EHESH ERERI ESESP ETETH FIFIN FJFJI FKFLK
  FMFSM FOFRO FRFRA GAGAB GBGBR GDGRD GEGEO GFGUF GGGGY GHGHA GIGIB GLGRL GMGMB GNGIN GPGLP GQGNQ GRGRC GSSGS
  GTGTM GUGUM GWGNB GYGUY HKHKG HMHMD HNHND HRHRV HTHTI HUHUN IDIDN IEIRL ILISR IMIMN ININD IOIOT IQIRQ IRIRN
  ISISL ITITA JEJEY JMJAM JOJOR JPJPN KEKEN KGKGZ KHKHM KIKIR KMCOM KNKNA KPPRK KRKOR KWKWT KYCYM KZKAZ LALAO
  LBLBN LCLCA LILIE LKLKA LRLBR LSLSO LTLTU LULUX LVLVA LYLBY MAMAR MCMCO MDMDA MEMNE MFMAF MGMDG MHMHL MKMKD
  MLMLI MMMMR MNMNG MOMAC MPMNP MQMTQ MRMRT MSMSR MTMLT MUMUS MVMDV MWMWI MXMEX MYMYS MZMOZ NANAM NCNCL NENER
  NFNFK NGNGA NINIC NLNLD NONOR NPNPL NRNRU NUNIU NZNZL OMOMN PAPAN PEPER PFPYF PGPNG PHPHL PKPAK PLPOL PMSPM
  PNPCN PRPRI PSPSE PTPRT PWPLW PYPRY QAQAT REREU ROROU RSSRB RURUS RWRWA SASAU SBSLB SCSYC SDSDN SESWE SGSGP
  SHSHN SISVN SJSJM SKSVK SLSLE SMSMR SNSEN SOSOM SRSUR SSSSD STSTP SVSLV SXSXM SYSYR SZSWZ TCTCA TDTCD TFATF
  TGTGO THTHA TJTJK TKTKL TLTLS TMTKM TNTUN TOTON TRTUR TTTTO TVTUV TWTWN TZTZA UAUKR UGUGA UMUMI USUSA UYURY
  UZUZB VAVAT VCVCT VEVEN VGVGB VIVIR VNVNM VUVUT WFWLF WSWSM XKXKK YEYEM YTMYT ZAZAF ZMZMB ZWZWE
`
  .trim()
  .split(/\s+/)
  .map((pair) => [pair.slice(0, 2), pair.slice(2)] as const);

/** Beside the language of each country, those in which the firm's customers write other countries. */
const languages = ['fr', 'en', 'de', 'es', 'it', 'nl', 'pt'];

/** What people write and no list of names has. */
const otherNames: Record<string, readonly string[]> = {
  AE: ['UAE'],
  CD: ['République démocratique du Congo', 'Democratic Republic of the Congo', 'RDC'],
  CG: ['République du Congo', 'Republic of the Congo'],
  CI: ['Ivory Coast'],
  CZ: ['République tchèque', 'Czech Republic'],
  FR: ['France métropolitaine', 'République française'],
  GB: [
    'UK',
    'Great Britain',
    'Grande-Bretagne',
    'England',
    'Angleterre',
    'Scotland',
    'Écosse',
    'Wales',
    'Pays de Galles',
  ],
  GR: ['EL'],
  KR: ['République de Corée', 'Korea'],
  NL: ['Holland', 'Hollande'],
  RU: ['Fédération de Russie', 'Russian Federation'],
  TR: ['Turkey'],
  US: ["États-Unis d'Amérique", 'United States of America', 'U.S.A.', 'U.S.'],
  VN: ['Viet Nam'],
};

let known: ReadonlyMap<string, string> | undefined;

/**
 * The code of ISO 3166-1 with two letters of a country, as people write it: that code or the one with three letters, or
 * its name in its own language or in one of Europe's, in any case, with or without accents, hyphens and an article.
 * Undefined for what is no country.
 */
export function countryCode(text: string): string | undefined {
  known ??= countriesByName();
  const key = keyOf(text);
  return known.get(key) ?? known.get(key.replace(/^(the|la|le|les|l) /, ''));
}

const keyOf = (text: string): string => {
  const words = wordsOf(fold(text));
  // « U. S. A. » and « U.S.A. » are one word.
  return words.every((word) => word.length === 1) ? words.join('') : words.join(' ');
};

function countriesByName(): ReadonlyMap<string, string> {
  const byName = new Map<string, string>();
  const add = (name: string | undefined, code: string): void => {
    const key = keyOf(name ?? '');
    if (key !== '' && !byName.has(key)) byName.set(key, code);
  };
  for (const [code, alpha3] of codes) for (const name of [code, alpha3]) add(name, code);
  for (const [code, names] of Object.entries(otherNames)) for (const name of names) add(name, code);
  for (const style of ['long', 'short'] as const) {
    const namesIn = new Map<string, Intl.DisplayNames>();
    const nameIn = (language: string, code: string): string | undefined => {
      const names =
        namesIn.get(language) ?? new Intl.DisplayNames(language, { type: 'region', fallback: 'none', style });
      namesIn.set(language, names);
      return names.of(code);
    };
    for (const [code] of codes) {
      const own = new Intl.Locale('und', { region: code }).maximize().language;
      for (const language of [...languages, own]) add(nameIn(language, code), code);
    }
  }
  return byName;
}

/** Words of logging in through an identity provider, and of linking one to the profile. */
import { dictionary } from '../../i18n/dictionary.ts';

export const openIdTexts = dictionary('openid', {
  it: {
    or: 'Oppure con la tua identità digitale',
    begin: 'Ti porta al sito del fornitore; poi torni qui.',
    timing:
      'Entra il giorno prima del click day: l’accesso dura fino alla chiusura, al massimo due giorni. L’invio non passa dal fornitore d’identità e non chiede un nuovo accesso.',
    returning: 'Accesso in corso',
    failed: 'Accesso non riuscito',
    linkFailed: 'Collegamento non riuscito',
    backToLogIn: 'Torna all’accesso',
    backToAccount: 'Torna al mio profilo',
    register: 'Registrati con la password',
    welcome: 'Completa la registrazione',
    welcomeLead: 'È la prima volta che entri così. Controlla i dati e crea il tuo profilo.',
    vouched: 'Dati garantiti dal fornitore d’identità',
    create: 'Crea il profilo ed entra',
    known: 'Hai già un profilo',
    knownLead: (email: string) => `L’indirizzo ${email} ha già un profilo con una password.`,
    knownText:
      'Accedi una volta con la password: così sappiamo che il profilo è tuo. Poi lo colleghi alla tua identità digitale e dalla prossima volta entri con quella.',
    knownButton: 'Accedi con la password',
    link: 'Collega la tua identità digitale',
    linkLead: (email: string) => `La colleghiamo al profilo ${email}: da ora potrai entrare così.`,
    linkButton: 'Collega',
    notNow: 'Non ora',
    linked: 'Identità collegata: dalla prossima volta puoi entrare così.',
    unlinked: 'Identità scollegata: si entra con la password.',
    section: 'Identità digitale',
    sectionOff: 'Puoi entrare anche con la tua identità digitale, senza password.',
    sectionOn: (since: string, used: string) =>
      `Collegata il ${since}. ${used === '' ? 'Non ancora usata' : `Usata l’ultima volta il ${used}`}.`,
    sectionBegin: 'Collega l’identità digitale',
    sectionEnd: 'Scollega',
    onlyWay: 'È il tuo solo modo di entrare: questo profilo non ha una password.',
    endTitle: 'Scollegare l’identità digitale?',
    endText:
      'Si entrerà solo con la password. Le sessioni aperte con questa identità su altri dispositivi finiscono subito.',
  },
  en: {
    or: 'Or with your digital identity',
    begin: 'It takes you to the provider’s site; then you come back here.',
    timing:
      'Log in the day before the click day: the log-in lasts until the close, two days at most. Sending does not pass through the identity provider and asks for no new log-in.',
    returning: 'Logging in',
    failed: 'The log-in did not succeed',
    linkFailed: 'The linking did not succeed',
    backToLogIn: 'Back to the log-in',
    backToAccount: 'Back to my profile',
    register: 'Register with a password',
    welcome: 'Complete your registration',
    welcomeLead: 'It is the first time you enter this way. Check the data and create your profile.',
    vouched: 'Data vouched for by the identity provider',
    create: 'Create the profile and enter',
    known: 'You have a profile already',
    knownLead: (email) => `The address ${email} has a profile with a password already.`,
    knownText:
      'Log in once with the password: so we know that the profile is yours. Then you link it with your digital identity, and from the next time on you enter with that.',
    knownButton: 'Log in with the password',
    link: 'Link your digital identity',
    linkLead: (email) => `We link it to the profile ${email}: from now on you can enter this way.`,
    linkButton: 'Link',
    notNow: 'Not now',
    linked: 'Identity linked: from the next time on you can enter this way.',
    unlinked: 'Identity unlinked: the password is the way in.',
    section: 'Digital identity',
    sectionOff: 'You can also enter with your digital identity, without a password.',
    sectionOn: (since, used) =>
      `Linked on ${since}. ${used === '' ? 'Not used yet' : `Last used on ${used}`}.`,
    sectionBegin: 'Link the digital identity',
    sectionEnd: 'Unlink',
    onlyWay: 'It is your only way in: this profile has no password.',
    endTitle: 'Unlink the digital identity?',
    endText:
      'The password will be the only way in. Sessions opened with this identity on other devices end at once.',
  },
});

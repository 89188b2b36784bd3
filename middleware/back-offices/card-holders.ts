/**
 * The invented people of the virtual card (native/virtual-card/personas.json) as the invented registers know them, so that
 * whose card is in the demo has a file. A test holds the two lists against each other.
 */
export type Holder = {
  ssin: string;
  surname: string;
  firstNames: string;
  birthDate: string;
  /** As in the names of sources; null: lives outside the region. */
  town: string | null;
  address: string;
};

type Row = readonly [ssin: string, surname: string, firstNames: string, birthDate: string, town: string | null, address: string];

const rows: readonly Row[] = [
  ['93031499871', 'Vandeputte', 'Lotte Elisabeth', '1993-03-14', 'kortrijk', 'Zandkapelstraat 18, 8500 Kortrijk'],
  ['48060299889', 'Dubrulois', 'Hélène Marie-Noëlle', '1948-06-02', 'spiere', 'Rue des Saules Pâles 7 bte 2, 8587 Spiere-Helkijn'],
  ['69030599831', 'Rautenfels-Öhmke', 'Gisela Maria', '1969-03-05', null, 'Weidenhagstraße 14 Bfk. 3, 4700 Eupen'],
  ['04083099718', 'Oosterzeel', 'Milan Jasper', '2004-08-30', 'wevelgem', 'Kasteelbeekweg 27A, 8560 Wevelgem'],
  ['79071699836', 'Fluweelaar', 'Nora Wivina', '1979-07-16', 'zwevegem', 'Ververijstraat 12/3, 8550 Zwevegem'],
  ['16041199835', 'Quaghebier-Lindt', 'Noor Ilse', '2016-04-11', 'kortrijk', 'Zandkapelstraat 52 bus 1, 8500 Kortrijk'],
  ['22110299793', 'Zwaluwmans', 'Finn', '2022-11-02', 'anzegem', 'Hazelaarsdreef 8, 8570 Anzegem'],
  ['90102499848', 'Brădătan-Vlas', 'Ilinca Sânziana', '1990-10-24', 'kortrijk', 'Appelboomlaan 101/12, 8500 Kortrijk'],
  ['03082199773', 'Quillasto', 'Amaru', '2003-08-21', 'menen', 'Leemkuilstraat 31 bus 0004, 8930 Menen'],
  ['71000099709', 'Welduhabte', 'Tesfay', '1971-01-01', 'menen', 'Leemkuilstraat 2 bus 0011, 8930 Menen'],
  ['61112899805', 'Terwen', 'Godelieve Rozemarijn', '1961-11-28', 'waregem', 'Windgatstraat 44, 8790 Waregem'],
  ['38011799774', 'Kerkvoorde', 'Robrecht Leonard', '1938-01-17', 'kortrijk', 'Pottelbergheide 3, 8500 Kortrijk'],
  ['39022699825', 'Achtergaele', 'Rozemarijn Godeliva', '1939-02-26', 'zwevegem', 'Knokkeboswegel 77, 8550 Zwevegem'],
  ['88061999831', 'Verstokken', 'Cornelia Anna', '1988-06-19', 'kortrijk', 'Slotenmakersstraat 4, 8500 Kortrijk'],
  ['57050699755', 'Doodgemeten', 'Oktaaf Cyriel', '1957-05-06', 'deerlijk', 'Achterstraatje 90, 8540 Deerlijk'],
  ['85070999782', 'Doornaar', 'Wannes Adriaan', '1985-07-09', 'harelbeke', 'Lijnwaadweg 5, 8530 Harelbeke'],
  ['78122199795', 'Kwadevoorde', 'Ysbrand', '1978-12-21', 'zwevegem', 'Ververijstraat 1, 8550 Zwevegem'],
  ['90010399734', 'Ruysenaer', 'Casimir', '1990-01-03', 'deerlijk', 'Achterstraatje 2, 8540 Deerlijk'],
  ['70052099804', 'Slijtenare', 'Bertilde', '1970-05-20', 'kuurne', 'Roestpad 1, 8520 Kuurne'],
];

export const cardHolders: readonly Holder[] = rows.map(([ssin, surname, firstNames, birthDate, town, address]) => ({
  ssin,
  surname,
  firstNames,
  birthDate,
  town,
  address,
}));

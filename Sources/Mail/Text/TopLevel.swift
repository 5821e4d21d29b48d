/// The last labels of host names that are told from words, names and endings of files in any case.
///
/// Not all that there are: where a name is in one case, what looks like a host name counts as one by that
/// (``HostWord``). The table is for `Evil.Co.Uk` beside `John.Smith`.
enum TopLevel {
    /// The end of a host name, whatever its case.
    static func isKnown(_ label: some StringProtocol) -> Bool {
        let lowered = label.lowercased()
        return countries.contains(lowered) || generic.contains(lowered)
    }

    /// One that no person is called.
    static func isGeneric(_ label: some StringProtocol) -> Bool {
        generic.contains(label.lowercased())
    }

    private static func labels(_ text: String) -> Set<String> {
        Set(text.split { $0 == " " || $0 == "\n" }.map(String.init))
    }

    /// ISO 3166-1, with the four besides that IANA's Root Zone Database has (`ac`, `eu`, `su`, `uk`), and the countries'
    /// names in scripts that have cases: in others nothing has a case to be told by.
    private static let countries = labels(
        """
        ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bl bm bn bo bq br bs bt bv bw
        by bz ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg eh er es et eu fi
        fj fk fm fo fr ga gb gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io
        iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mf mg
        mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk
        pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si sj sk sl sm sn so sr ss st su sv sx sy sz
        tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug uk um us uy uz va vc ve vg vi vn vu wf ws ye yt za zm
        zw бг бел ею қаз мкд мон рф срб укр ελ ευ հայ
        """)

    /// Those of IANA's Root Zone Database that anybody can register names under and many do, without surnames (`law`,
    /// `page`, `bond`), and those for special use (RFC 2606, RFC 6761, RFC 7686).
    private static let generic = labels(
        """
        academy agency app asia beauty best bid bio biz blog boutique business buzz cafe capital cash casino center
        chat city click cloud club codes com community company consulting contact credit cyou date deals delivery
        design dev digital direct directory download earth education email energy engineering events exchange expert
        express finance financial foundation fun fund fyi gallery games gmbh gov group guide guru health help
        homes host hosting icu info ink institute int international jobs legal limited link live llc loan loans
        lol ltd management market marketing media mobi mov name net network news ngo ninja nyc one ong online org
        partners party photo photography photos pics plus porn press pro promo properties quest realty red report
        restaurant review reviews rocks run sale sbs school science security services sex shop shopping
        show site social software solar solutions space store stream studio style support surf systems tech technology
        tel tickets tips tires tools top tours trade trading training travel tube university vacations ventures
        video vip vision website wiki win work works world wtf xxx xyz yoga zip zone
        example test invalid localhost local internal onion
        дети ком москва онлайн орг рус сайт
        """)
}

BEGIN TRANSACTION;
CREATE TABLE helpdesks (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    from_address TEXT NOT NULL,
    reply_to TEXT,
    bounce_address TEXT,
    ticket_center_url TEXT,
    dashboard_url TEXT,
    allowed_domains TEXT NOT NULL DEFAULT '',
    locale TEXT NOT NULL DEFAULT 'en',
    paused INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO "helpdesks" VALUES('acme','Acme','acme@acme.test',NULL,NULL,NULL,NULL,'','en',0);
INSERT INTO "helpdesks" VALUES('apart','Apart','apart@acme.test',NULL,NULL,NULL,NULL,'','en',1);
INSERT INTO "helpdesks" VALUES('aside','Aside','aside@acme.test',NULL,NULL,NULL,NULL,'','en',0);
INSERT INTO "helpdesks" VALUES('blocked','Blocked','blocked@acme.test',NULL,NULL,NULL,NULL,'','en',0);
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    helpdesk_id TEXT NOT NULL,
    conversation_id TEXT NOT NULL,
    message_id TEXT NOT NULL,
    audience TEXT NOT NULL DEFAULT 'visitor',
    recipient_email TEXT NOT NULL,
    recipient_name TEXT,
    author_name TEXT,
    subject TEXT,
    body_text TEXT NOT NULL,
    attachments TEXT,
    page_url TEXT,
    unsubscribe_url TEXT,
    in_reply_to TEXT,
    locale TEXT,
    instant INTEGER NOT NULL DEFAULT 0,
    not_before INTEGER,
    traceparent TEXT,
    cancelled_at INTEGER,
    created_at INTEGER NOT NULL DEFAULT (CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER)),
    UNIQUE (helpdesk_id, message_id, recipient_email)
) STRICT;
INSERT INTO "outbox" VALUES(1,'acme','c1','m1','visitor','sent@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL,1795871088067);
INSERT INTO "outbox" VALUES(2,'acme','combined','m2','visitor','combined@example.test','Ann','Olga','Printer is offline','First.',NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,NULL,1795871088325);
INSERT INTO "outbox" VALUES(3,'acme','combined','m3','visitor','combined@example.test','Ann','Olga','Printer is offline','Second.',NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,NULL,1795871088331);
INSERT INTO "outbox" VALUES(4,'acme','combined','m4','visitor','combined@example.test','Ann','Olga','Printer is offline','Third.',NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,NULL,1795871088332);
INSERT INTO "outbox" VALUES(5,'acme','c5','m5','visitor','reject@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL,1795871088332);
INSERT INTO "outbox" VALUES(6,'acme','c6','m6','visitor','nouser@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL,1795871088333);
INSERT INTO "outbox" VALUES(7,'acme','c7','m7','visitor','defer@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL,1795871088335);
INSERT INTO "outbox" VALUES(8,'acme','unsure','m8','visitor','uncertain@example.test','Ann','Olga','Printer is offline','One of two.',NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,NULL,1795871088337);
INSERT INTO "outbox" VALUES(9,'acme','unsure','m9','visitor','uncertain@example.test','Ann','Olga','Printer is offline','Two of two.',NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,NULL,1795871088337);
INSERT INTO "outbox" VALUES(10,'acme','c10','m10','visitor','gone@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL,1795871088360);
INSERT INTO "outbox" VALUES(11,'acme','c11','m11','visitor','no address','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL,1795871088369);
INSERT INTO "outbox" VALUES(12,'acme','c12','m12','visitor','seconds@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL,1795000000);
INSERT INTO "outbox" VALUES(13,'acme','seen','m13','visitor','read@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL,1795871088372);
INSERT INTO "outbox" VALUES(14,'acme','c14','m14','visitor','cancelled@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,1795871088372,1795871088374);
INSERT INTO "outbox" VALUES(15,'apart','c15','m15','visitor','apart@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL,1795871088377);
INSERT INTO "outbox" VALUES(16,'aside','c16','m16','visitor','aside@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL,1795871088385);
INSERT INTO "outbox" VALUES(17,'blocked','c17','m17','visitor','blocked0@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL,1795871088386);
INSERT INTO "outbox" VALUES(18,'acme','c18','m18','visitor','sent@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL,1795871088387);
INSERT INTO "outbox" VALUES(19,'blocked','c19','m19','visitor','blocked1@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL,1795871088389);
INSERT INTO "outbox" VALUES(20,'acme','c20','m20','visitor','sent@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL,1795871088390);
INSERT INTO "outbox" VALUES(21,'blocked','c21','m21','visitor','blocked2@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL,1795871088519);
INSERT INTO "outbox" VALUES(22,'acme','c22','m22','visitor','sent@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL,1795871088539);
INSERT INTO "outbox" VALUES(23,'blocked','c23','m23','visitor','blocked3@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL,1795871088541);
INSERT INTO "outbox" VALUES(24,'acme','c24','m24','visitor','sent@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL,1795871088559);
INSERT INTO "outbox" VALUES(25,'blocked','c25','m25','visitor','blocked4@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL,1795871088599);
INSERT INTO "outbox" VALUES(26,'acme','c26','m26','visitor','sent@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL,1795871088623);
INSERT INTO "outbox" VALUES(27,'blocked','c27','m27','visitor','blocked5@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL,1795871088643);
INSERT INTO "outbox" VALUES(28,'acme','c28','m28','visitor','sent@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL,1795871088647);
INSERT INTO "outbox" VALUES(29,'blocked','c29','m29','visitor','blocked6@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL,1795871088659);
INSERT INTO "outbox" VALUES(30,'acme','c30','m30','visitor','sent@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL,1795871088667);
INSERT INTO "outbox" VALUES(31,'acme','c31','m31','visitor','held@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,NULL,1795871688372);
INSERT INTO "outbox" VALUES(32,'acme','c32','m32','visitor','stall@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL,1795871089566);
INSERT INTO "outbox" VALUES(33,'acme','c33','m33','visitor','new@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,1,NULL,NULL,NULL,1795871090223);
INSERT INTO "outbox" VALUES(34,'acme','held','m34','visitor','new@example.test','Ann','Olga','Printer is offline','It works again.',NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,NULL,1795871690339);
CREATE TABLE outboxd_attempts (
    mail_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    counted INTEGER NOT NULL,
    row_ids TEXT NOT NULL,
    relay TEXT,
    milliseconds INTEGER,
    stage TEXT,
    code INTEGER,
    enhanced TEXT,
    text TEXT,
    PRIMARY KEY (mail_id, number)
) STRICT, WITHOUT ROWID;
INSERT INTO "outboxd_attempts" VALUES(1,1,1795871088321,'sent',1,'[1]','127.0.0.1[127.0.0.1]:44451',0,'final',250,'2.0.0','2.0.0 Queued as 4fXyz');
INSERT INTO "outboxd_attempts" VALUES(2,1,1795871089375,'sent',1,'[2,3,4]','127.0.0.1[127.0.0.1]:44451',2,'final',250,'2.0.0','2.0.0 Queued as 4fXyz');
INSERT INTO "outboxd_attempts" VALUES(3,1,1795871088348,'rejected',1,'[5]','127.0.0.1[127.0.0.1]:44451',1,'rcpt',550,'5.7.1','5.7.1 Not here');
INSERT INTO "outboxd_attempts" VALUES(4,1,1795871088349,'rejected',1,'[6]','127.0.0.1[127.0.0.1]:44451',0,'rcpt',550,'5.1.1','5.1.1 No such mailbox');
INSERT INTO "outboxd_attempts" VALUES(5,1,1795871088354,'deferred',1,'[7]','127.0.0.1[127.0.0.1]:44451',5,'rcpt',451,'4.7.1','4.7.1 Come again later');
INSERT INTO "outboxd_attempts" VALUES(6,1,1795871089375,'uncertain',1,'[8,9]','127.0.0.1[127.0.0.1]:44451',2,'final',NULL,NULL,'the relay closed the connection');
INSERT INTO "outboxd_attempts" VALUES(14,1,1795871088412,'rejected',1,'[17]','127.0.0.1[127.0.0.1]:44451',0,'mail',550,'5.7.1','5.7.1 Sender address rejected');
INSERT INTO "outboxd_attempts" VALUES(14,2,1795871089807,'rejected',1,'[17]','127.0.0.1[127.0.0.1]:44451',0,'mail',550,'5.7.1','5.7.1 Sender address rejected');
INSERT INTO "outboxd_attempts" VALUES(15,1,1795871088412,'sent',1,'[18]','127.0.0.1[127.0.0.1]:44451',1,'final',250,'2.0.0','2.0.0 Queued as 4fXyz');
INSERT INTO "outboxd_attempts" VALUES(16,1,1795871088412,'rejected',1,'[19]','127.0.0.1[127.0.0.1]:44451',0,'mail',550,'5.7.1','5.7.1 Sender address rejected');
INSERT INTO "outboxd_attempts" VALUES(17,1,1795871088764,'sent',1,'[20]','127.0.0.1[127.0.0.1]:44451',1,'final',250,'2.0.0','2.0.0 Queued as 4fXyz');
INSERT INTO "outboxd_attempts" VALUES(18,1,1795871088764,'rejected',1,'[21]','127.0.0.1[127.0.0.1]:44451',1,'mail',550,'5.7.1','5.7.1 Sender address rejected');
INSERT INTO "outboxd_attempts" VALUES(19,1,1795871088765,'sent',1,'[22]','127.0.0.1[127.0.0.1]:44451',0,'final',250,'2.0.0','2.0.0 Queued as 4fXyz');
INSERT INTO "outboxd_attempts" VALUES(20,1,1795871088764,'rejected',1,'[23]','127.0.0.1[127.0.0.1]:44451',0,'mail',550,'5.7.1','5.7.1 Sender address rejected');
INSERT INTO "outboxd_attempts" VALUES(21,1,1795871088765,'sent',1,'[24]','127.0.0.1[127.0.0.1]:44451',0,'final',250,'2.0.0','2.0.0 Queued as 4fXyz');
INSERT INTO "outboxd_attempts" VALUES(22,1,1795871088764,'rejected',1,'[25]','127.0.0.1[127.0.0.1]:44451',0,'mail',550,'5.7.1','5.7.1 Sender address rejected');
INSERT INTO "outboxd_attempts" VALUES(23,1,1795871088765,'sent',1,'[26]','127.0.0.1[127.0.0.1]:44451',0,'final',250,'2.0.0','2.0.0 Queued as 4fXyz');
INSERT INTO "outboxd_attempts" VALUES(24,1,1795871088765,'rejected',1,'[27]','127.0.0.1[127.0.0.1]:44451',0,'mail',550,'5.7.1','5.7.1 Sender address rejected');
INSERT INTO "outboxd_attempts" VALUES(25,1,1795871088765,'sent',1,'[28]','127.0.0.1[127.0.0.1]:44451',0,'final',250,'2.0.0','2.0.0 Queued as 4fXyz');
INSERT INTO "outboxd_attempts" VALUES(26,1,1795871088765,'rejected',1,'[29]','127.0.0.1[127.0.0.1]:44451',0,'mail',550,'5.7.1','5.7.1 Sender address rejected');
INSERT INTO "outboxd_attempts" VALUES(27,1,1795871088807,'sent',1,'[30]','127.0.0.1[127.0.0.1]:44451',3,'final',250,'2.0.0','2.0.0 Queued as 4fXyz');
CREATE TABLE outboxd_frozen (
    mail_id INTEGER PRIMARY KEY,
    envelope_sender TEXT NOT NULL,
    envelope_recipient TEXT NOT NULL,
    needs_smtputf8 INTEGER NOT NULL,
    message BLOB NOT NULL
) STRICT;
INSERT INTO "outboxd_frozen" VALUES(6,'acme@acme.test','uncertain@example.test',0,X'446174653A205361742C203238204E6F7620323032362031333A30343A3439202B303030300D0A46726F6D3A2041636D65203C61636D654061636D652E746573743E0D0A546F3A20416E6E203C756E6365727461696E406578616D706C652E746573743E0D0A5375626A6563743A2052653A205072696E746572206973206F66666C696E650D0A4D6573736167652D49443A203C362E643839373831306464356530666538654061636D652E746573743E0D0A496E2D5265706C792D546F3A203C636F6E766572736174696F6E2E33443346353633304643314130323842393837464544443446304630464338424061636D652E746573743E0D0A5265666572656E6365733A203C636F6E766572736174696F6E2E33443346353633304643314130323842393837464544443446304630464338424061636D652E746573743E0D0A4175746F2D5375626D69747465643A206175746F2D67656E6572617465640D0A582D4175746F2D526573706F6E73652D53757070726573733A204F4F462C204175746F5265706C790D0A4D494D452D56657273696F6E3A20312E300D0A436F6E74656E742D547970653A206D756C7469706172742F616C7465726E61746976653B0D0A20626F756E646172793D223D5F3546433139363533373531364443303537373338333636363938433131373837220D0A0D0A2D2D3D5F35464331393635333735313644433035373733383336363639384331313738370D0A436F6E74656E742D547970653A20746578742F706C61696E3B20636861727365743D7574662D380D0A436F6E74656E742D5472616E736665722D456E636F64696E673A2071756F7465642D7072696E7461626C650D0A0D0A4F6C67612C20323032362D31312D32382031333A3034205554433A0D0A0D0A4F6E65206F662074776F2E0D0A0D0A2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D0D0A0D0A4F6C67612C20323032362D31312D32382031333A3034205554433A0D0A0D0A54776F206F662074776F2E0D0A0D0A2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D2D0D0A0D0A41636D652073656E7420796F7520746869732062656361757365207468657265206973206E65777320696E20796F757220636F6E766572736174696F6E2E0D0A0D0A2D2D3D5F35464331393635333735313644433035373733383336363639384331313738370D0A436F6E74656E742D547970653A20746578742F68746D6C3B20636861727365743D7574662D380D0A436F6E74656E742D5472616E736665722D456E636F64696E673A2071756F7465642D7072696E7461626C650D0A0D0A3C21444F43545950452068746D6C3E0D0A3C68746D6C206C616E673D334422656E223E0D0A3C686561643E0D0A3C6D65746120636861727365743D3344227574662D38223E0D0A3C7469746C653E52653A205072696E746572206973206F66666C696E653C2F7469746C653E0D0A3C2F686561643E0D0A3C626F64793E0D0A3C703E3C7374726F6E673E3C6264693E4F6C67613C2F6264693E3C2F7374726F6E673E2C20323032362D31312D32382031333A3034205554433A3C2F703E0D0A3C70206469723D3344226175746F223E4F6E65206F662074776F2E3C2F703E0D0A3C68723E0D0A3C703E3C7374726F6E673E3C6264693E4F6C67613C2F6264693E3C2F7374726F6E673E2C20323032362D31312D32382031333A3034205554433A3C2F703E0D0A3C70206469723D3344226175746F223E54776F206F662074776F2E3C2F703E0D0A3C68723E0D0A3C703E41636D652073656E7420796F7520746869732062656361757365207468657265206973206E65777320696E20796F757220636F6E766572736174696F6E2E3C2F703E0D0A3C2F626F64793E0D0A3C2F68746D6C3E0D0A0D0A2D2D3D5F35464331393635333735313644433035373733383336363639384331313738372D2D0D0A');
CREATE TABLE outboxd_instances (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    slot_file TEXT NOT NULL,
    boot_id TEXT NOT NULL,
    process_id INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    lease_until INTEGER NOT NULL
) STRICT;
INSERT INTO "outboxd_instances" VALUES(1,'outbox.db-outboxd-9525b5ba65c4db89','00000000-0000-0000-0000-000000000000',24603,1795871088121,36590362);
CREATE TABLE outboxd_lines (
    id INTEGER PRIMARY KEY,
    helpdesk_id TEXT NOT NULL UNIQUE,
    parked INTEGER NOT NULL DEFAULT 0,
    sender TEXT,
    turn INTEGER NOT NULL DEFAULT 0,
    instant_due INTEGER,
    first_due INTEGER,
    retry_due INTEGER,
    troubles INTEGER NOT NULL DEFAULT 0,
    retry_at INTEGER,
    error_text TEXT
) STRICT;
INSERT INTO "outboxd_lines" VALUES(1,'acme',0,NULL,1795871089611000,NULL,1795871689372,1795871568214,0,NULL,NULL);
INSERT INTO "outboxd_lines" VALUES(2,'apart',3,NULL,1795871088397000,1795871088377,NULL,NULL,0,NULL,NULL);
INSERT INTO "outboxd_lines" VALUES(3,'aside',1,NULL,1795871088397001,1795871088385,NULL,NULL,0,NULL,NULL);
INSERT INTO "outboxd_lines" VALUES(4,'blocked',2,'blocked@acme.test',1795871089765000,NULL,NULL,1795871088386,0,NULL,NULL);
CREATE TABLE outboxd_mails (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    helpdesk_id TEXT NOT NULL,
    conversation_id TEXT NOT NULL,
    recipient TEXT NOT NULL,
    audience TEXT NOT NULL,
    phase INTEGER NOT NULL DEFAULT 0,
    wait INTEGER NOT NULL DEFAULT 0,
    due_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    rescues INTEGER NOT NULL DEFAULT 0,
    probed_at INTEGER NOT NULL DEFAULT 0,
    copies INTEGER NOT NULL DEFAULT 0,
    owner INTEGER,
    token INTEGER,
    sender TEXT,
    email_message_id TEXT,
    composed_at INTEGER
, line INTEGER NOT NULL DEFAULT 0, class INTEGER NOT NULL DEFAULT 1, troubles INTEGER NOT NULL DEFAULT 0, struck INTEGER NOT NULL DEFAULT 0, shifted INTEGER NOT NULL DEFAULT 0) STRICT;
INSERT INTO "outboxd_mails" VALUES(1,'acme','c1','sent@example.test','visitor',2,0,1795871088067,1,0,0,0,NULL,NULL,'acme@acme.test','<1.50c42b4b964753ea@acme.test>',1795871088276,1,0,0,0,0);
INSERT INTO "outboxd_mails" VALUES(2,'acme','combined','combined@example.test','visitor',2,0,1795871089325,1,0,0,0,NULL,NULL,'acme@acme.test','<2.d897810dd5e0fe8e@acme.test>',1795871089347,1,1,0,0,0);
INSERT INTO "outboxd_mails" VALUES(3,'acme','c5','reject@example.test','visitor',2,0,1795871088332,1,0,0,0,NULL,NULL,'acme@acme.test','<3.dbc44cb112ea2d24@acme.test>',1795871088338,1,0,0,0,0);
INSERT INTO "outboxd_mails" VALUES(4,'acme','c6','nouser@example.test','visitor',2,0,1795871088332,1,0,0,0,NULL,NULL,'acme@acme.test','<4.dbc44cb112ea2d24@acme.test>',1795871088338,1,0,0,0,0);
INSERT INTO "outboxd_mails" VALUES(5,'acme','c7','defer@example.test','visitor',0,0,1795871568214,1,0,0,0,NULL,NULL,'acme@acme.test','<5.dbc44cb112ea2d24@acme.test>',1795871088338,1,2,0,0,0);
INSERT INTO "outboxd_mails" VALUES(6,'acme','unsure','uncertain@example.test','visitor',0,3,1795871089337,1,0,0,1,NULL,3549821450171943031,'acme@acme.test','<6.d897810dd5e0fe8e@acme.test>',1795871089347,1,1,0,0,0);
INSERT INTO "outboxd_mails" VALUES(7,'acme','c10','gone@example.test','visitor',2,0,1795871088360,0,0,0,0,NULL,NULL,NULL,NULL,NULL,1,0,0,0,0);
INSERT INTO "outboxd_mails" VALUES(8,'acme','c11','no address','visitor',2,0,1795871088396,0,0,0,0,NULL,NULL,NULL,NULL,NULL,1,1,0,0,0);
INSERT INTO "outboxd_mails" VALUES(9,'acme','c12','seconds@example.test','visitor',2,0,1795871088396,0,0,0,0,NULL,NULL,NULL,NULL,NULL,1,1,0,0,0);
INSERT INTO "outboxd_mails" VALUES(10,'acme','seen','read@example.test','visitor',2,0,1795871088372,0,0,0,0,NULL,NULL,NULL,NULL,NULL,1,0,0,0,0);
INSERT INTO "outboxd_mails" VALUES(11,'acme','c14','cancelled@example.test','visitor',2,0,1795871089374,0,0,0,0,NULL,NULL,NULL,NULL,NULL,1,1,0,0,0);
INSERT INTO "outboxd_mails" VALUES(12,'apart','c15','apart@example.test','visitor',0,0,1795871088377,0,0,0,0,NULL,NULL,NULL,NULL,NULL,2,0,0,0,0);
INSERT INTO "outboxd_mails" VALUES(13,'aside','c16','aside@example.test','visitor',0,0,1795871088385,0,0,0,0,NULL,NULL,NULL,NULL,NULL,3,0,0,0,0);
INSERT INTO "outboxd_mails" VALUES(14,'blocked','c17','blocked0@example.test','visitor',0,0,1795871088386,2,0,1795871089807,0,NULL,NULL,'blocked@acme.test','<14.dd4a97f8f5a283d5@acme.test>',1795871089765,4,2,0,1,0);
INSERT INTO "outboxd_mails" VALUES(15,'acme','c18','sent@example.test','visitor',2,0,1795871088387,1,0,0,0,NULL,NULL,'acme@acme.test','<15.dd4a97f8f5a283d5@acme.test>',1795871088397,1,0,0,0,0);
INSERT INTO "outboxd_mails" VALUES(16,'blocked','c19','blocked1@example.test','visitor',0,0,1795871088389,1,0,1795871088765,0,NULL,NULL,'blocked@acme.test','<16.dd4a97f8f5a283d5@acme.test>',1795871088397,4,2,0,1,0);
INSERT INTO "outboxd_mails" VALUES(17,'acme','c20','sent@example.test','visitor',2,0,1795871088390,1,0,0,0,NULL,NULL,'acme@acme.test','<17.e7712bb778d921c2@acme.test>',1795871088745,1,0,0,0,0);
INSERT INTO "outboxd_mails" VALUES(18,'blocked','c21','blocked2@example.test','visitor',0,0,1795871088519,1,0,1795871088765,0,NULL,NULL,'blocked@acme.test','<18.e7712bb778d921c2@acme.test>',1795871088745,4,2,0,1,0);
INSERT INTO "outboxd_mails" VALUES(19,'acme','c22','sent@example.test','visitor',2,0,1795871088539,1,0,0,0,NULL,NULL,'acme@acme.test','<19.e7712bb778d921c2@acme.test>',1795871088745,1,0,0,0,0);
INSERT INTO "outboxd_mails" VALUES(20,'blocked','c23','blocked3@example.test','visitor',0,0,1795871088541,1,0,1795871088765,0,NULL,NULL,'blocked@acme.test','<20.e7712bb778d921c2@acme.test>',1795871088745,4,2,0,1,0);
INSERT INTO "outboxd_mails" VALUES(21,'acme','c24','sent@example.test','visitor',2,0,1795871088559,1,0,0,0,NULL,NULL,'acme@acme.test','<21.e7712bb778d921c2@acme.test>',1795871088745,1,0,0,0,0);
INSERT INTO "outboxd_mails" VALUES(22,'blocked','c25','blocked4@example.test','visitor',0,0,1795871088599,1,0,1795871088765,0,NULL,NULL,'blocked@acme.test','<22.e7712bb778d921c2@acme.test>',1795871088745,4,2,0,1,0);
INSERT INTO "outboxd_mails" VALUES(23,'acme','c26','sent@example.test','visitor',2,0,1795871088623,1,0,0,0,NULL,NULL,'acme@acme.test','<23.e7712bb778d921c2@acme.test>',1795871088745,1,0,0,0,0);
INSERT INTO "outboxd_mails" VALUES(24,'blocked','c27','blocked5@example.test','visitor',0,0,1795871088643,1,0,1795871088765,0,NULL,NULL,'blocked@acme.test','<24.e7712bb778d921c2@acme.test>',1795871088745,4,2,0,1,0);
INSERT INTO "outboxd_mails" VALUES(25,'acme','c28','sent@example.test','visitor',2,0,1795871088647,1,0,0,0,NULL,NULL,'acme@acme.test','<25.e7712bb778d921c2@acme.test>',1795871088745,1,0,0,0,0);
INSERT INTO "outboxd_mails" VALUES(26,'blocked','c29','blocked6@example.test','visitor',0,0,1795871088659,1,0,1795871088765,0,NULL,NULL,'blocked@acme.test','<26.e7712bb778d921c2@acme.test>',1795871088745,4,2,0,1,0);
INSERT INTO "outboxd_mails" VALUES(27,'acme','c30','sent@example.test','visitor',2,0,1795871088667,1,0,0,0,NULL,NULL,'acme@acme.test','<27.1d860e06800b7de4@acme.test>',1795871088763,1,0,0,0,0);
INSERT INTO "outboxd_mails" VALUES(28,'acme','c31','held@example.test','visitor',0,0,1795871689372,0,0,0,0,NULL,NULL,NULL,NULL,NULL,1,1,0,0,0);
INSERT INTO "outboxd_mails" VALUES(29,'acme','c32','stall@example.test','visitor',1,0,1795871089566,0,0,0,0,1,3549821450171943032,'acme@acme.test','<29.ba1d71a276952a89@acme.test>',1795871089611,1,0,0,0,0);
CREATE TABLE outboxd_meta (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "outboxd_meta" VALUES('clock','00000000-0000-0000-0000-000000000000 1795834617915 0 0');
INSERT INTO "outboxd_meta" VALUES('hold','1000');
CREATE TABLE outboxd_migrations (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    applied_at INTEGER NOT NULL
) STRICT;
INSERT INTO "outboxd_migrations" VALUES(1,'mails, rows and what outboxd remembers of them',1795871087788);
INSERT INTO "outboxd_migrations" VALUES(2,'lines: what can''t go is not in line',1795871087789);
INSERT INTO "outboxd_migrations" VALUES(3,'whose fault a refusal is',1795871087790);
INSERT INTO "outboxd_migrations" VALUES(4,'times move in slices when the clock or the hold was set',1795871087790);
INSERT INTO "outboxd_migrations" VALUES(5,'the same reply is found in an index of outboxd''s own',1795871087790);
INSERT INTO "outboxd_migrations" VALUES(6,'rows that are put off until a time of their own',1795871087790);
CREATE TABLE outboxd_pauses (
    helpdesk_id TEXT PRIMARY KEY,
    paused_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "outboxd_pauses" VALUES('aside',1795871088039);
CREATE TABLE outboxd_relay (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    state TEXT NOT NULL,
    since INTEGER,
    down_milliseconds INTEGER NOT NULL DEFAULT 0,
    error_stage TEXT,
    error_code INTEGER,
    error_enhanced TEXT,
    error_text TEXT
, refuses INTEGER) STRICT;
INSERT INTO "outboxd_relay" VALUES(1,'up',1795871088321,0,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE outboxd_rows (
    id INTEGER PRIMARY KEY,
    mail_id INTEGER NOT NULL,
    state INTEGER NOT NULL DEFAULT 0,
    reason TEXT,
    uncertain INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    due_at INTEGER NOT NULL,
    first_attempt_at INTEGER,
    relay_down_before INTEGER NOT NULL DEFAULT 0,
    sent_at INTEGER,
    finished_at INTEGER,
    error_stage TEXT,
    error_code INTEGER,
    error_enhanced TEXT,
    error_text TEXT
, identity INTEGER) STRICT;
INSERT INTO "outboxd_rows" VALUES(1,1,2,NULL,0,1,1795871088067,1795871088321,0,1795871088321,1795871088321,NULL,NULL,NULL,NULL,7924648120355274363);
INSERT INTO "outboxd_rows" VALUES(2,2,2,NULL,0,1,1795871089325,1795871089375,0,1795871089375,1795871089375,NULL,NULL,NULL,NULL,7701703129904086913);
INSERT INTO "outboxd_rows" VALUES(3,2,2,NULL,0,1,1795871089331,1795871089375,0,1795871089375,1795871089375,NULL,NULL,NULL,NULL,-1439494451021063100);
INSERT INTO "outboxd_rows" VALUES(4,2,2,NULL,0,1,1795871089332,1795871089375,0,1795871089375,1795871089375,NULL,NULL,NULL,NULL,3499650122576210563);
INSERT INTO "outboxd_rows" VALUES(5,3,4,'rejected',0,1,1795871088332,1795871088348,0,NULL,1795871088348,'rcpt',550,'5.7.1','5.7.1 Not here',854172454895909602);
INSERT INTO "outboxd_rows" VALUES(6,4,4,'rejected',0,1,1795871088332,1795871088349,0,NULL,1795871088349,'rcpt',550,'5.1.1','5.1.1 No such mailbox',1425384218246923302);
INSERT INTO "outboxd_rows" VALUES(7,5,0,NULL,0,1,1795871088332,1795871088354,0,NULL,NULL,'rcpt',451,'4.7.1','4.7.1 Come again later',-4944673120108265871);
INSERT INTO "outboxd_rows" VALUES(8,6,0,NULL,1,1,1795871089337,1795871089375,0,NULL,NULL,'final',NULL,NULL,'the relay closed the connection',6644064106501860511);
INSERT INTO "outboxd_rows" VALUES(9,6,0,NULL,1,1,1795871089337,1795871089375,0,NULL,NULL,'final',NULL,NULL,'the relay closed the connection',1843993771472343644);
INSERT INTO "outboxd_rows" VALUES(10,7,3,'suppressed',0,0,1795871088360,NULL,0,NULL,1795871088397,NULL,NULL,NULL,NULL,4056021493887835236);
INSERT INTO "outboxd_rows" VALUES(11,8,4,'invalid_address',0,0,1795871088396,NULL,0,NULL,1795871088396,NULL,NULL,NULL,'recipient_email: “no address” is not a valid email address: a character before the @ is not allowed there.',2473786128394683987);
INSERT INTO "outboxd_rows" VALUES(12,9,4,'invalid_row',0,0,1795871088396,NULL,0,NULL,1795871088396,NULL,NULL,NULL,'created_at looks like seconds (1795000000): milliseconds since the Unix epoch are expected',-995699369326817494);
INSERT INTO "outboxd_rows" VALUES(13,10,3,'read',0,0,1795871088372,NULL,0,NULL,1795871088397,NULL,NULL,NULL,NULL,-776053979112374192);
INSERT INTO "outboxd_rows" VALUES(14,11,3,'cancelled',0,0,1795871089374,NULL,0,NULL,1795871089379,NULL,NULL,NULL,NULL,5301999222008230674);
INSERT INTO "outboxd_rows" VALUES(15,12,0,NULL,0,0,1795871088377,NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,3004315389192373982);
INSERT INTO "outboxd_rows" VALUES(16,13,0,NULL,0,0,1795871088385,NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,-2382478336033390265);
INSERT INTO "outboxd_rows" VALUES(17,14,0,NULL,0,2,1795871088386,1795871088412,0,NULL,NULL,'mail',550,'5.7.1','5.7.1 Sender address rejected',887319675085982644);
INSERT INTO "outboxd_rows" VALUES(18,15,2,NULL,0,1,1795871088387,1795871088412,0,1795871088412,1795871088412,NULL,NULL,NULL,NULL,2173922298718433261);
INSERT INTO "outboxd_rows" VALUES(19,16,0,NULL,0,1,1795871088389,1795871088412,0,NULL,NULL,'mail',550,'5.7.1','5.7.1 Sender address rejected',-7139380520830184055);
INSERT INTO "outboxd_rows" VALUES(20,17,2,NULL,0,1,1795871088390,1795871088764,0,1795871088764,1795871088764,NULL,NULL,NULL,NULL,4688176356183021352);
INSERT INTO "outboxd_rows" VALUES(21,18,0,NULL,0,1,1795871088519,1795871088764,0,NULL,NULL,'mail',550,'5.7.1','5.7.1 Sender address rejected',-8931475357689701771);
INSERT INTO "outboxd_rows" VALUES(22,19,2,NULL,0,1,1795871088539,1795871088765,0,1795871088765,1795871088765,NULL,NULL,NULL,NULL,-2762001375183331506);
INSERT INTO "outboxd_rows" VALUES(23,20,0,NULL,0,1,1795871088541,1795871088764,0,NULL,NULL,'mail',550,'5.7.1','5.7.1 Sender address rejected',2979518313888795896);
INSERT INTO "outboxd_rows" VALUES(24,21,2,NULL,0,1,1795871088559,1795871088765,0,1795871088765,1795871088765,NULL,NULL,NULL,NULL,-5479546686163510628);
INSERT INTO "outboxd_rows" VALUES(25,22,0,NULL,0,1,1795871088599,1795871088764,0,NULL,NULL,'mail',550,'5.7.1','5.7.1 Sender address rejected',2394205164721638423);
INSERT INTO "outboxd_rows" VALUES(26,23,2,NULL,0,1,1795871088623,1795871088765,0,1795871088765,1795871088765,NULL,NULL,NULL,NULL,5728885956027084370);
INSERT INTO "outboxd_rows" VALUES(27,24,0,NULL,0,1,1795871088643,1795871088765,0,NULL,NULL,'mail',550,'5.7.1','5.7.1 Sender address rejected',5398239291433523990);
INSERT INTO "outboxd_rows" VALUES(28,25,2,NULL,0,1,1795871088647,1795871088765,0,1795871088765,1795871088765,NULL,NULL,NULL,NULL,-6550060995641855264);
INSERT INTO "outboxd_rows" VALUES(29,26,0,NULL,0,1,1795871088659,1795871088765,0,NULL,NULL,'mail',550,'5.7.1','5.7.1 Sender address rejected',303878730653498545);
INSERT INTO "outboxd_rows" VALUES(30,27,2,NULL,0,1,1795871088667,1795871088807,0,1795871088807,1795871088807,NULL,NULL,NULL,NULL,-538709847637444685);
INSERT INTO "outboxd_rows" VALUES(31,28,0,NULL,0,0,1795871689372,NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,-1467621257315309641);
INSERT INTO "outboxd_rows" VALUES(32,29,0,NULL,0,0,1795871089566,NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,-3782806633497505417);
CREATE TABLE outboxd_senders (
    address TEXT PRIMARY KEY,
    blocked_at INTEGER,
    failures INTEGER NOT NULL DEFAULT 0,
    probe_at INTEGER,
    probe INTEGER,
    error_text TEXT
) STRICT, WITHOUT ROWID;
INSERT INTO "outboxd_senders" VALUES('blocked@acme.test',1795871088765,2,1795871091807,NULL,'5.7.1 Sender address rejected');
CREATE TABLE outboxd_shifts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    moved_by INTEGER NOT NULL,
    noticed_at INTEGER NOT NULL DEFAULT 0,
    booted_at INTEGER NOT NULL DEFAULT 0,
    mails_before INTEGER NOT NULL DEFAULT 0,
    rows_before INTEGER NOT NULL DEFAULT 0,
    newest_in_outbox INTEGER NOT NULL DEFAULT 0,
    newest_mail INTEGER NOT NULL,
    newest_row INTEGER NOT NULL,
    position INTEGER
) STRICT;
CREATE TABLE outboxd_strikes (
    number INTEGER PRIMARY KEY,
    address TEXT NOT NULL,
    kind INTEGER NOT NULL,
    mail_id INTEGER NOT NULL,
    relay_cleared INTEGER NOT NULL,
    UNIQUE (address, kind, mail_id)
) STRICT;
CREATE TABLE outboxd_suppressing (
    helpdesk_id TEXT NOT NULL,
    address TEXT NOT NULL,
    reason TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    troubles INTEGER NOT NULL DEFAULT 0,
    retry_at INTEGER NOT NULL,
    error_text TEXT,
    PRIMARY KEY (helpdesk_id, address)
) STRICT, WITHOUT ROWID;
CREATE TABLE outboxd_unread (
    id INTEGER PRIMARY KEY,
    troubles INTEGER NOT NULL DEFAULT 0,
    retry_at INTEGER NOT NULL,
    error_text TEXT
) STRICT;
CREATE TABLE read_markers (
    helpdesk_id TEXT NOT NULL,
    conversation_id TEXT NOT NULL,
    reader_email TEXT NOT NULL,
    last_read_at INTEGER NOT NULL,
    PRIMARY KEY (helpdesk_id, conversation_id, reader_email)
) STRICT;
INSERT INTO "read_markers" VALUES('acme','seen','read@example.test',1795871088373);
CREATE TABLE suppressions (
    helpdesk_id TEXT NOT NULL DEFAULT '',
    address TEXT NOT NULL,
    reason TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    PRIMARY KEY (helpdesk_id, address)
) STRICT;
INSERT INTO "suppressions" VALUES('','gone@example.test','asked us to',1795000000000,NULL);
INSERT INTO "suppressions" VALUES('acme','nouser@example.test','mailbox does not exist (5.1.1)',1795871088349,1798463088349);
CREATE INDEX outboxd_mails_sending ON outboxd_mails (owner) WHERE phase = 1;
CREATE INDEX outboxd_mails_open ON outboxd_mails (recipient, conversation_id, helpdesk_id)
WHERE phase < 2;
CREATE INDEX outboxd_mails_message_id ON outboxd_mails (email_message_id)
WHERE email_message_id IS NOT NULL;
CREATE INDEX outboxd_rows_mail ON outboxd_rows (mail_id);
CREATE INDEX outboxd_mails_due ON outboxd_mails (line, class, due_at, id)
WHERE phase = 0 AND wait = 0;
CREATE INDEX outboxd_mails_aside ON outboxd_mails (wait, id) WHERE phase = 0 AND wait > 0;
CREATE INDEX outboxd_lines_instant ON outboxd_lines (parked, turn, instant_due)
WHERE instant_due IS NOT NULL;
CREATE INDEX outboxd_lines_first ON outboxd_lines (parked, first_due)
WHERE first_due IS NOT NULL;
CREATE INDEX outboxd_lines_retry ON outboxd_lines (parked, retry_due)
WHERE retry_due IS NOT NULL;
CREATE INDEX outboxd_lines_parked ON outboxd_lines (parked, id) WHERE parked > 0;
CREATE INDEX outboxd_lines_sender ON outboxd_lines (sender, turn) WHERE sender IS NOT NULL;
CREATE INDEX outboxd_mails_troubles ON outboxd_mails (id) WHERE troubles > 0;
CREATE INDEX outboxd_rows_failed ON outboxd_rows (finished_at) WHERE state = 4;
CREATE INDEX outboxd_strikes_against_relay ON outboxd_strikes (number)
WHERE relay_cleared = 0;
CREATE INDEX outboxd_rows_identity ON outboxd_rows (identity) WHERE identity IS NOT NULL;
CREATE INDEX outboxd_unread_retry ON outboxd_unread (retry_at, id);
CREATE VIEW outbox_status AS
SELECT
    o.id AS id,
    CASE
        WHEN r.id IS NULL THEN 'pending'
        WHEN r.state = 2 THEN 'sent'
        WHEN r.state = 3 THEN 'skipped'
        WHEN r.state = 4 THEN 'failed'
        WHEN m.phase = 1 THEN 'sending'
        ELSE 'pending'
    END AS state,
    CASE
        WHEN r.state <> 0 THEN r.reason
        WHEN m.phase = 1 THEN NULL
        WHEN m.wait = 3 THEN 'uncertain'
        WHEN EXISTS (
            SELECT 1 FROM outboxd_pauses p WHERE p.helpdesk_id IN ('', o.helpdesk_id)
        ) OR EXISTS (
            SELECT 1 FROM helpdesks h WHERE h.id = o.helpdesk_id AND h.paused <> 0
        ) THEN 'paused'
        WHEN r.id IS NULL THEN CASE
            WHEN EXISTS (SELECT 1 FROM outboxd_unread u WHERE u.id = o.id AND u.troubles > 0) THEN 'deferred'
            WHEN max(o.created_at + iif(o.instant <> 0, 0, coalesce((SELECT CAST(value AS INTEGER) FROM outboxd_meta WHERE key = 'hold'), 60000)), coalesce((SELECT (SELECT not_before FROM outbox x WHERE x.id = o.id) FROM (SELECT NULL AS not_before)), 0)) <= CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER) THEN 'queued'
            ELSE 'hold' END
        WHEN m.due_at <= CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER) AND m.parked = 2
            THEN 'sender'
        WHEN m.due_at <= CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER)
            AND (SELECT state FROM outboxd_relay WHERE id = 1) = 'down'
            THEN 'relay'
        WHEN m.attempts > 0 OR m.wait = 4 OR m.troubles > 0
            THEN 'deferred'
        WHEN m.due_at > CAST(round((julianday('now') - 2440587.5) * 86400000) AS INTEGER) THEN 'hold'
        WHEN m.parked = 4 THEN 'deferred'
        ELSE 'queued'
    END AS reason,
    coalesce(r.uncertain, 0) AS uncertain,
    coalesce(r.attempts, 0) AS attempts,
    CASE
        WHEN r.state = 0 THEN m.due_at
        WHEN r.id IS NOT NULL THEN r.due_at
        ELSE max(o.created_at + iif(o.instant <> 0, 0, coalesce((SELECT CAST(value AS INTEGER) FROM outboxd_meta WHERE key = 'hold'), 60000)), coalesce((SELECT (SELECT not_before FROM outbox x WHERE x.id = o.id) FROM (SELECT NULL AS not_before)), 0))
    END AS due_at,
    r.sent_at AS sent_at,
    r.finished_at AS finished_at,
    m.email_message_id AS email_message_id,
    CASE
        WHEN r.id IS NULL THEN (
            SELECT '{"stage":"store","code":null,"enhanced":null,"text":"' || replace(replace(u.error_text, '\', '\\'), '"', '\"') || '"}' FROM outboxd_unread u WHERE u.id = o.id)
        WHEN r.state = 0 AND m.line_error IS NOT NULL THEN '{"stage":"store","code":null,"enhanced":null,"text":"' || replace(replace(m.line_error, '\', '\\'), '"', '\"') || '"}'
        ELSE '{"stage":' || coalesce('"' || r.error_stage || '"', 'null')
            || ',"code":' || coalesce(r.error_code, 'null')
            || ',"enhanced":' || coalesce('"' || r.error_enhanced || '"', 'null')
            || ',"text":"' || replace(replace(r.error_text, '\', '\\'), '"', '\"') || '"}'
    END AS last_error
FROM outbox o
LEFT JOIN outboxd_rows r ON r.id = o.id
LEFT JOIN (
    SELECT m.id, m.phase, m.wait, m.due_at, m.attempts, m.troubles, m.email_message_id,
        (SELECT iif(l.parked = 4 AND l.troubles = 0, 0, l.parked)
    FROM outboxd_lines l WHERE l.id = m.line) AS parked, (SELECT l.error_text FROM outboxd_lines l
    WHERE l.id = m.line AND l.parked = 4 AND l.troubles > 0) AS line_error
    FROM outboxd_mails m
) m ON m.id = r.mail_id;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('outbox',34);
INSERT INTO "sqlite_sequence" VALUES('outboxd_instances',1);
INSERT INTO "sqlite_sequence" VALUES('outboxd_mails',29);
COMMIT;

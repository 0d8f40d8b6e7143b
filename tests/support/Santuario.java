import java.io.File;
import java.io.FileInputStream;
import java.security.cert.CertificateFactory;
import javax.xml.crypto.dsig.XMLSignature;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMValidateContext;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** Core validity of record files by the JDK's XML Signature (a copy of Apache Santuario), under one given certificate.
 *  Arguments: the certificate (PEM), then files. One line per file: true, false, or the exception's class. */
public class Santuario {
    public static void main(String[] names) throws Exception {
        var key = CertificateFactory.getInstance("X.509").generateCertificate(new FileInputStream(names[0])).getPublicKey();
        for (int n = 1; n < names.length; n++) {
            System.out.println(valid(new File(names[n]), key) + " " + names[n]);
        }
    }

    static String valid(File file, java.security.PublicKey key) {
        try {
            var builders = DocumentBuilderFactory.newInstance();
            builders.setNamespaceAware(true);
            builders.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            Document document = builders.newDocumentBuilder().parse(file);
            var signatures = document.getElementsByTagNameNS(XMLSignature.XMLNS, "Signature");
            var context = new DOMValidateContext(key, signatures.item(0));
            context.setProperty("org.jcp.xml.dsig.secureValidation", true);
            for (var space : new String[][] {{"http://uri.etsi.org/01903/v1.3.2#", "SignedProperties"}, {XMLSignature.XMLNS, "Object"}}) {
                var named = document.getElementsByTagNameNS(space[0], space[1]);
                for (int n = 0; n < named.getLength(); n++) {
                    if (((Element) named.item(n)).hasAttribute("Id")) {
                        context.setIdAttributeNS((Element) named.item(n), null, "Id");
                    }
                }
            }
            return String.valueOf(XMLSignatureFactory.getInstance("DOM").unmarshalXMLSignature(context).validate(context));
        } catch (Exception error) {
            return error.getClass().getSimpleName();
        }
    }
}

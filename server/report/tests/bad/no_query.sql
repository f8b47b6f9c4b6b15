/*--- report
title = "x"
---*/

// Every construct of the dialect in one file; Qiskit's legacy reader decides what it means.
OPENQASM 2.0;
include "qelib1.inc";
opaque never_applied(alpha) a,b;
gate half(t) a { rz(t/2) a; }
gate twist(x,y) a,b
{
  half(x*2) a;
  cx a,b;
  barrier a,b;
  U(sin(y)^2,-cos(y),ln(exp(x))) b;
  CX b,a;
  half(sqrt(4)-tan(y/3)) b;
}
gate nothing a { }
qreg left[2];
qreg right[3];
h left;
cx left[0],right;
cp(pi/8) left[1],right[2];
twist(0.25,-1.5e-1) left[1],right[0];
u2(-pi/2,3*pi/4) right;
barrier left,right[1];
csx right[0],left[0];
cu(.1,2.,3e0,0.4) right[1],right[2];
rccx left[0],right[1],left[1];
rc3x right[0],right[1],right[2],left[0];
c3sqrtx left[1],right[2],right[0],left[0];
c4x left[0],left[1],right[0],right[1],right[2];
c3x left[0],left[1],right[0],right[1];
rxx(-(pi+1)/5) left[0],right[2];
rzz(2^3^0.5/7) right[0],left[1];
sxdg right[1];
sx left;
u0(1) left[0];
u(pi/3,-0.2,-(-(1))) right[0];
p(5/2/2) right;
swap left[1],right[1];
cswap right[0],left[0],right[2];
crx(1) left[0],left[1];
cry(-2) right[0],left[1];
crz(0.7) right[2],left[1];
nothing left;
id right;

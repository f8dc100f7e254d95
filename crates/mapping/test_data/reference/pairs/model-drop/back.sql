-- CreateTable
CREATE TABLE "public"."B" (
    "id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,

    CONSTRAINT "B_pkey" PRIMARY KEY ("id")
);

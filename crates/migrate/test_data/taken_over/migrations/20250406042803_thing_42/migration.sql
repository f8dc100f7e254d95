-- CreateTable
CREATE TABLE "Thing6" (
    "id" TEXT NOT NULL,
    "a" UUID,

    CONSTRAINT "Thing6_pkey" PRIMARY KEY ("id")
);

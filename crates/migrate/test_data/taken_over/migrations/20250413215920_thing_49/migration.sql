-- CreateTable
CREATE TABLE "Thing7" (
    "id" UUID NOT NULL,
    "a" INET,

    CONSTRAINT "Thing7_pkey" PRIMARY KEY ("id")
);
